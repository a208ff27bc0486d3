"""Usernames that clients take for themselves or their chats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.directory import USERNAME
from invite_desktop.rehearsal.faults import MethodError

if TYPE_CHECKING:
    from invite_desktop.rehearsal.world import World

_SHORTEST = 5


def check_free_name(world: World, name: str, present: str | None) -> None:
    """Raise MethodError (core.telegram.org/method/account.updateUsername); "" takes no name."""
    if name == (present or ""):
        raise MethodError("USERNAME_NOT_MODIFIED")
    if not name:
        return
    if not USERNAME.fullmatch(name) or len(name) < _SHORTEST:
        raise MethodError("USERNAME_INVALID")
    if name.lower() != (present or "").lower() and world.is_taken(name):
        raise MethodError("USERNAME_OCCUPIED")
