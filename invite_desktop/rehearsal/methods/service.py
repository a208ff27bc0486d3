"""help.*, account.updateStatus and other requests that clients make by themselves."""

from __future__ import annotations

import inspect
import time
from functools import cache
from typing import TYPE_CHECKING, Any

from telethon.tl import functions, types

from invite_desktop.rehearsal import data_centres, freezing
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call

CLOCK_EVENT = "rehearsal.clock"
"""The type of the app-log event by which a client announces its clock."""

_LAST_MOMENT = 2**31 - 1
"""Dates in TL are signed numbers of 32 bits."""
_FASTEST = 1_000_000
"""Seconds of the world in one real second."""


@answers(functions.help.GetConfigRequest, anybody=True)
def get_config(call: Call, _request: TLObject) -> TLObject:
    """Return the configuration: every data centre is this server."""
    now = int(time.time())
    return types.Config(
        **_zeros()
        | {
            "date": now,
            "expires": now + 3600,
            "this_dc": data_centres.of(call.key),
            "dc_options": [
                types.DcOption(number, "127.0.0.1", call.backend.port)
                for number in data_centres.NUMBERS
            ],
            "chat_size_max": 200,
            "megagroup_size_max": 200_000,
            "forwarded_count_max": 100,
            "message_length_max": 4096,
            "caption_length_max": 1024,
            "me_url_prefix": "https://t.me/",
        }
    )


@answers(functions.help.GetAppConfigRequest, anybody=True)
def get_app_config(call: Call, request: TLObject) -> TLObject:
    """Return the client's configuration: empty, unless the account is frozen."""
    freeze = call.world.standings.freeze_of(call.key.account_id or 0)
    version = freeze.since if freeze else 1
    if request.hash == version:
        return types.help.AppConfigNotModified()
    return types.help.AppConfig(version, types.JsonObject(freezing.app_config(freeze)))


@answers(functions.help.GetNearestDcRequest, anybody=True)
def get_nearest_dc(call: Call, _request: TLObject) -> TLObject:
    """Return the nearest data centre."""
    return types.NearestDc("RU", data_centres.of(call.key), data_centres.HOME)


@answers(functions.help.GetCdnConfigRequest, anybody=True)
def get_cdn_config(_call: Call, _request: TLObject) -> TLObject:
    """Return the content network's keys: there are none."""
    return types.CdnConfig([])


@answers(functions.help.SaveAppLogRequest, anybody=True)
def save_app_log(call: Call, request: TLObject) -> bool:
    """Take up the clock that a client announces.

    ``InputAppEvent(time=<unix time of its clock>, type="rehearsal.clock", peer=0,
    data=JsonNumber(<seconds of it in one real second>))``. Everything else in a log is ignored.
    """
    for event in request.events:
        if event.type == CLOCK_EVENT:
            if not isinstance(event.data, types.JsonNumber):
                raise MethodError("EVENT_INVALID")
            shown, speed = event.time, event.data.value
            if not (0 < shown <= _LAST_MOMENT and 0 < speed <= _FASTEST):
                raise MethodError("EVENT_INVALID")
            call.world.set_clock(shown, speed)
    return True


@answers(functions.account.UpdateStatusRequest)
def update_status(_call: Call, _request: TLObject) -> bool:
    """Take note that the client is online or not."""
    return True


@cache
def _zeros() -> dict[str, Any]:
    """Return an empty value for every field that a configuration must have."""
    parameters = list(inspect.signature(types.Config.__init__).parameters.values())[1:]
    empty: dict[type, Any] = {str: "", bool: False}
    return {
        parameter.name: empty.get(parameter.annotation, 0)
        for parameter in parameters
        if parameter.default is parameter.empty
    }
