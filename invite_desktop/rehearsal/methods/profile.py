"""account.*: the account's own name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions

from invite_desktop.rehearsal import views
from invite_desktop.rehearsal.dispatch import answers
from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.names import check_free_name

if TYPE_CHECKING:
    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.backend import Call


@answers(functions.account.CheckUsernameRequest)
def check_username(call: Call, request: TLObject) -> bool:
    """Return whether a username is free."""
    try:
        check_free_name(call.world, request.username, None)
    except MethodError as fault:
        if fault.name == "USERNAME_OCCUPIED":
            return False
        raise
    return True


@answers(functions.account.UpdateUsernameRequest)
def update_username(call: Call, request: TLObject) -> TLObject:
    """Take another username, or none."""
    me = call.me
    check_free_name(call.world, request.username, me.username)
    call.world.story.rename(me, request.username or None)
    call.log("account.updateUsername")
    return views.user(call.world, me, me)
