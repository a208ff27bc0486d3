"""What a frozen account may not do (core.telegram.org/api/auth, frozen accounts).

It goes on reading; whatever contacts people, joins or changes chats is refused.
"""

from __future__ import annotations

from telethon.tl import functions, types

from invite_desktop.rehearsal.standings import APPEAL_URL, Freeze

REFUSED_WHEN_FROZEN = frozenset(
    {
        functions.channels.CreateChannelRequest,
        functions.channels.DeleteChannelRequest,
        functions.channels.EditAdminRequest,
        functions.channels.EditBannedRequest,
        functions.channels.EditTitleRequest,
        functions.channels.InviteToChannelRequest,
        functions.channels.JoinChannelRequest,
        functions.channels.UpdateUsernameRequest,
        functions.contacts.AddContactRequest,
        functions.contacts.ImportContactsRequest,
        functions.contacts.SearchRequest,
        functions.messages.AddChatUserRequest,
        functions.messages.CreateChatRequest,
        functions.messages.DeleteChatUserRequest,
        functions.messages.EditChatAdminRequest,
        functions.messages.EditExportedChatInviteRequest,
        functions.messages.ExportChatInviteRequest,
        functions.messages.ForwardMessagesRequest,
        functions.messages.HideAllChatJoinRequestsRequest,
        functions.messages.HideChatJoinRequestRequest,
        functions.messages.ImportChatInviteRequest,
        functions.messages.SendMediaRequest,
        functions.messages.SendMessageRequest,
    }
)
"""Requests that answer FROZEN_METHOD_INVALID."""


def app_config(freeze: Freeze | None) -> list[types.JsonObjectValue]:
    """Return the fields by which help.getAppConfig tells of a freeze."""
    if freeze is None:
        return []
    return [
        types.JsonObjectValue("freeze_since_date", types.JsonNumber(freeze.since)),
        types.JsonObjectValue("freeze_until_date", types.JsonNumber(freeze.until)),
        types.JsonObjectValue("freeze_appeal_url", types.JsonString(APPEAL_URL)),
    ]
