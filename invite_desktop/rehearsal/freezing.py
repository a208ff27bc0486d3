"""What a frozen account may not do (core.telegram.org/api/auth, frozen accounts).

It goes on reading; whatever contacts people, joins or changes chats is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import functions, types

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.standings import APPEAL_URL, Freeze

if TYPE_CHECKING:
    from invite_desktop.rehearsal.backend import Call
    from invite_desktop.rehearsal.chats import Chat

REFUSED_WHEN_FROZEN = frozenset(
    {
        functions.account.UpdateUsernameRequest,
        functions.channels.CreateChannelRequest,
        functions.channels.DeleteChannelRequest,
        functions.channels.EditAdminRequest,
        functions.channels.EditBannedRequest,
        functions.channels.EditPhotoRequest,
        functions.channels.EditTitleRequest,
        functions.channels.InviteToChannelRequest,
        functions.channels.JoinChannelRequest,
        functions.channels.ToggleJoinRequestRequest,
        functions.channels.ToggleSlowModeRequest,
        functions.channels.UpdateUsernameRequest,
        functions.contacts.AddContactRequest,
        functions.contacts.ImportContactsRequest,
        functions.contacts.SearchRequest,
        functions.messages.AddChatUserRequest,
        functions.messages.CreateChatRequest,
        functions.messages.DeleteChatUserRequest,
        functions.messages.DeleteExportedChatInviteRequest,
        functions.messages.DeleteRevokedExportedChatInvitesRequest,
        functions.messages.EditChatAdminRequest,
        functions.messages.EditChatPhotoRequest,
        functions.messages.EditChatTitleRequest,
        functions.messages.EditExportedChatInviteRequest,
        functions.messages.EditMessageRequest,
        functions.messages.ExportChatInviteRequest,
        functions.messages.ForwardMessagesRequest,
        functions.messages.HideAllChatJoinRequestsRequest,
        functions.messages.HideChatJoinRequestRequest,
        functions.messages.ImportChatInviteRequest,
        functions.messages.MigrateChatRequest,
        functions.messages.SendMediaRequest,
        functions.messages.SendMessageRequest,
        functions.messages.UploadMediaRequest,
    }
)
"""Requests that answer FROZEN_METHOD_INVALID."""


def check_place(call: Call, chat: Chat) -> None:
    """Raise FROZEN_PARTICIPANT_MISSING for a frozen caller who is not in a chat.

    Such are the documents of messages.getHistory, messages.getPeerDialogs, channels.getMessages and
    updates.getChannelDifference.
    """
    me = call.me.id
    if me not in chat.members and call.world.standings.freeze_of(me):
        raise MethodError("FROZEN_PARTICIPANT_MISSING")


def app_config(freeze: Freeze | None) -> list[types.JsonObjectValue]:
    """Return the fields by which help.getAppConfig tells of a freeze."""
    if freeze is None:
        return []
    return [
        types.JsonObjectValue("freeze_since_date", types.JsonNumber(freeze.since)),
        types.JsonObjectValue("freeze_until_date", types.JsonNumber(freeze.until)),
        types.JsonObjectValue("freeze_appeal_url", types.JsonString(APPEAL_URL)),
    ]
