"""What Telegram says of the account itself: its profile, whether it is frozen, its photo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon import utils
from telethon.errors import InvalidDCError
from telethon.tl.functions.help import GetAppConfigRequest
from telethon.tl.functions.upload import GetFileRequest
from telethon.tl.functions.users import GetUsersRequest
from telethon.tl.types import (
    InputPeerPhotoFileLocation,
    InputPeerSelf,
    InputUserSelf,
    JsonObject,
    UserProfilePhoto,
)
from telethon.tl.types.upload import File

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import UserPeer
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.peers import profile_of

if TYPE_CHECKING:
    from telethon.tl.types import User

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.telegram.account_connection import AccountConnection

_FREEZE = "freeze_since_date"
"""The field of help.getAppConfig that only frozen accounts see (core.telegram.org/api/auth)."""

_LARGEST_PHOTO = 128 * 1024
"""Bytes; the small size of a profile photo has 160 pixels a side (core.telegram.org/api/files)."""


async def fresh_profile(connection: AccountConnection) -> Profile:
    """Return the account's own profile. Raises CallError, FROZEN for a frozen account.

    A frozen account still reads everything, so that its own profile does not tell.
    """
    profile = profile_of(await _myself(connection))
    if await _is_frozen(connection):
        raise CallError(Outcome(OutcomeCode.FROZEN, detail=_FREEZE))
    return profile


async def own_peer(connection: AccountConnection) -> UserPeer:
    """Return the account as it addresses itself. Raises CallError."""
    myself = await _myself(connection)
    return UserPeer(myself.id, myself.access_hash or 0)


async def own_photo(connection: AccountConnection) -> bytes | None:
    """Return the small profile photo as an image file, None when there is none to be had.

    One that another data centre keeps comes as the tiny preview that the profile itself holds:
    for a picture in a list no second connection is made. Raises CallError.
    """
    photo = (await _myself(connection)).photo
    if not isinstance(photo, UserProfilePhoto):
        return None
    place = InputPeerPhotoFileLocation(InputPeerSelf(), photo.photo_id)
    try:
        answer = await connection.call(GetFileRequest(place, 0, _LARGEST_PHOTO))
    except CallError as failed:
        if isinstance(failed.error, InvalidDCError) or not failed.outcome.is_about_account:
            return _preview(photo)
        raise
    return bytes(answer.bytes) if isinstance(answer, File) else _preview(photo)


async def _myself(connection: AccountConnection) -> User:
    return (await connection.call(GetUsersRequest([InputUserSelf()])))[0]


async def _is_frozen(connection: AccountConnection) -> bool:
    try:
        answer = await connection.call(GetAppConfigRequest(0))
    except CallError as failed:
        if failed.outcome.is_about_account:
            raise
        return False
    config = getattr(answer, "config", None)
    fields = config.value if isinstance(config, JsonObject) else []
    return any(field.key == _FREEZE for field in fields)


def _preview(photo: UserProfilePhoto) -> bytes | None:
    if not photo.stripped_thumb:
        return None
    image: bytes = utils.stripped_photo_to_jpg(photo.stripped_thumb)
    return image
