"""The table of methods, and the unwrapping of what clients wrap their requests in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from telethon.tl import functions
from telethon.tl.tlobject import TLObject, TLRequest

from invite_desktop.rehearsal.arguments import check_arguments
from invite_desktop.rehearsal.backend import Call
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.freezing import REFUSED_WHEN_FROZEN
from invite_desktop.rehearsal.programs import check_layer, device_of
from invite_desktop.rehearsal.tl import Answer

if TYPE_CHECKING:
    from invite_desktop.rehearsal.authorizations import AuthKey, Device
    from invite_desktop.rehearsal.backend import Backend

Handler = Callable[[Call, TLObject], Answer]
_H = TypeVar("_H", bound=Handler)

_HANDLERS: dict[type[TLRequest], Handler] = {}
_FOR_ANYBODY: set[type[TLRequest]] = set()
_WRAPPERS = (
    functions.InvokeWithLayerRequest,
    functions.InitConnectionRequest,
    functions.InvokeWithoutUpdatesRequest,
    functions.InvokeAfterMsgRequest,
    functions.InvokeAfterMsgsRequest,
)

_FOR_UNBOUND_KEYS = frozenset(
    {
        functions.auth.BindTempAuthKeyRequest,
        functions.help.GetConfigRequest,
        functions.help.GetNearestDcRequest,
    }
)
"""What a temporary key may ask for that is bound to no permanent one."""


def answers(*requests: type[TLRequest], anybody: bool = False) -> Callable[[_H], _H]:
    """Register a function as the handler of some requests.

    ``anybody``: clients that are not logged in may call too.
    """

    def register(handler: _H) -> _H:
        for request in requests:
            _HANDLERS[request] = handler
            if anybody:
                _FOR_ANYBODY.add(request)
        return handler

    return register


class Unwrapped(NamedTuple):
    """A request without its wrappers, and what they said.

    ``after``: ids of the messages to be executed before. ``layer`` 0 and ``device`` None: nothing
    was said about them.
    """

    query: TLObject
    wants_updates: bool = True
    after: tuple[int, ...] = ()
    layer: int = 0
    device: Device | None = None


def unwrap(request: TLObject) -> Unwrapped:
    """Return the request inside its wrappers, with what they said.

    Raises MethodError for a layer or an introduction that Telegram would refuse.
    """
    found = Unwrapped(request)
    while isinstance(found.query, _WRAPPERS):
        found = _without_one(found, found.query)
    return found


def introduce(backend: Backend, key: AuthKey, said: Unwrapped) -> None:
    """Remember a client's layer and what it says of itself.

    Raises MethodError for a client that has never said either.
    """
    layer, device = said.layer or key.layer, said.device or key.device
    if isinstance(said.query, functions.auth.BindTempAuthKeyRequest):
        return  # It comes before everything else, core.telegram.org/api/pfs says.
    if device is None:
        raise MethodError("CONNECTION_NOT_INITED")
    if not layer:
        raise MethodError("CONNECTION_LAYER_INVALID")
    if layer != key.layer or device != key.device:
        backend.authorizations.introduce(key, layer, device)


def execute(call: Call, request: TLObject) -> Answer:
    """Return the answer to an unwrapped request. Raises MethodError for a refusal."""
    handler = _HANDLERS.get(type(request))
    if handler is None:
        constructor = getattr(request, "CONSTRUCTOR_ID", 0)
        raise MethodError(f"INPUT_METHOD_INVALID_{constructor}_0")
    if call.key.expires_at and type(request) not in _FOR_UNBOUND_KEYS:
        raise MethodError("AUTH_KEY_PERM_EMPTY")
    if type(request) not in _FOR_ANYBODY:
        call.check_login()
        if type(request) in REFUSED_WHEN_FROZEN and call.world.standings.freeze_of(call.me.id):
            raise MethodError("FROZEN_METHOD_INVALID")
    check_arguments(request)
    call.backend.caller = call
    try:
        return handler(call, request)
    finally:
        call.backend.caller = None


def _without_one(found: Unwrapped, wrapper: TLObject) -> Unwrapped:
    """Return what is known once one more wrapper is taken off."""
    found = found._replace(query=wrapper.query)
    if isinstance(wrapper, functions.InvokeWithLayerRequest):
        check_layer(wrapper.layer)
        return found._replace(layer=wrapper.layer)
    if isinstance(wrapper, functions.InitConnectionRequest):
        return found._replace(device=device_of(wrapper))
    if isinstance(wrapper, functions.InvokeWithoutUpdatesRequest):
        return found._replace(wants_updates=False)
    if isinstance(wrapper, functions.InvokeAfterMsgRequest):
        return found._replace(after=(*found.after, wrapper.msg_id))
    return found._replace(after=(*found.after, *wrapper.msg_ids))
