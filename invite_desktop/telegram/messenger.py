"""One connected account, through Telethon."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from telethon import errors
from telethon.extensions import BinaryReader
from telethon.tl.functions.channels import GetParticipantRequest, InviteToChannelRequest
from telethon.tl.functions.contacts import GetContactsRequest
from telethon.tl.functions.messages import (
    AddChatUserRequest,
    EditExportedChatInviteRequest,
    ExportChatInviteRequest,
    GetExportedChatInviteRequest,
    GetHistoryRequest,
    HideChatJoinRequestRequest,
    SendMediaRequest,
    SendMessageRequest,
)
from telethon.tl.functions.updates import GetDifferenceRequest, GetStateRequest
from telethon.tl.functions.users import GetRequirementsToContactRequest
from telethon.tl.types import (
    ChannelParticipantBanned,
    ChannelParticipantLeft,
    Message,
    RequirementToContactPaidMessages,
    RequirementToContactPremium,
)

from invite_desktop.domain.attempts import Action
from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import Membership, OwnMessage, PeoplePage, Requirement
from invite_desktop.telegram.account_connection import CallError
from invite_desktop.telegram.chat_inspector import ChatInspector
from invite_desktop.telegram.chat_names import ChatNames
from invite_desktop.telegram.dialogues import first_request, people_of_dialogues
from invite_desktop.telegram.incoming import messages_from, news_of, state_of
from invite_desktop.telegram.invitations import invitations_since
from invite_desktop.telegram.joiners import joiners_from
from invite_desktop.telegram.message_entities import message_entities
from invite_desktop.telegram.outcome_table import missing_invitee_outcome
from invite_desktop.telegram.own_profile import fresh_profile, own_peer, own_photo
from invite_desktop.telegram.participants import participants_from, participants_of
from invite_desktop.telegram.peers import (
    chat_input_peer,
    chat_member,
    input_channel,
    input_user,
    telegram_person,
    user_input_peer,
)
from invite_desktop.telegram.person_finder import PersonFinder
from invite_desktop.telegram.uploads import input_media, upload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Sequence
    from datetime import datetime

    from telethon.tl import TLRequest
    from telethon.tl.types import TypeChannelParticipant, TypeRequirementToContact

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.domain.attachments import Attachment
    from invite_desktop.domain.chats import ChatAddress, ChatInfo
    from invite_desktop.domain.formatted_text import TextEntity
    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.chat_history import Invitations
    from invite_desktop.engine.ports.replies import IncomingMessage, News, UpdateState
    from invite_desktop.engine.ports.telegram import (
        ChatLookUps,
        ChatMember,
        ChatPeer,
        ChatSight,
        FoundUser,
        JoinersPage,
        TelegramPerson,
        UploadedFile,
        UserPeer,
    )
    from invite_desktop.telegram.account_connection import AccountConnection

_FORWARDED_HISTORY = 50
"""How many earlier messages a new member of a basic group may read (messages.addChatUser)."""

_HISTORY_PAGE = 100
_WAITS_NO_MORE = (errors.HideRequesterMissingError, errors.UserAlreadyParticipantError)
_LINK_TITLE = 32
"""The longest title of an invite link (messages.exportChatInvite)."""

P = ParamSpec("P")
T = TypeVar("T")


def _outcomes_as_data(
    method: Callable[Concatenate[TelethonMessenger, P], Awaitable[T]],
) -> Callable[Concatenate[TelethonMessenger, P], Coroutine[Any, Any, T | Outcome]]:
    """Let a method return the outcome of a call that failed."""

    @wraps(method)
    async def answering(
        self: TelethonMessenger, /, *args: P.args, **kwargs: P.kwargs
    ) -> T | Outcome:
        try:
            return await method(self, *args, **kwargs)
        except CallError as failed:
            return failed.outcome

    return answering


class TelethonMessenger:
    """Implements Messenger over one account's connection; see the port for what each one means."""

    def __init__(
        self,
        connection: AccountConnection,
        account_id: int = 0,
        look_ups: Callable[[], ChatLookUps | None] = lambda: None,
    ) -> None:
        self._connection = connection
        self._chats = ChatInspector(connection, ChatNames(connection, account_id, look_ups))
        self._people = PersonFinder(connection)

    @property
    def connection(self) -> AccountConnection:
        """Return the account's connection, for calls that are no port of the engine's."""
        return self._connection

    @property
    def is_connected(self) -> bool:
        """Return whether a call could be sent at once."""
        return self._connection.is_connected

    @property
    def is_over(self) -> bool:
        """Return whether Telegram said that this account's session has ended."""
        return self._connection.ended

    async def connect(self) -> Outcome | None:
        """Connect when needed; return what stands in the way, None when nothing does."""
        try:
            await self._connection.open()
        except CallError as failed:
            return failed.outcome
        return None

    async def disconnect(self) -> None:
        """Close the connection."""
        await self._connection.close()

    @_outcomes_as_data
    async def who_am_i(self) -> Profile:
        """Return the account's own profile, fresh; FROZEN when the account is."""
        return await fresh_profile(self._connection)

    @_outcomes_as_data
    async def own_peer(self) -> UserPeer:
        """Return the account itself as it addresses itself."""
        return await own_peer(self._connection)

    @_outcomes_as_data
    async def own_photo(self) -> bytes | None:
        """Return the account's own small profile photo as an image file, None without one."""
        return await own_photo(self._connection)

    @_outcomes_as_data
    async def see_chat(self, address: ChatAddress) -> ChatSight:
        """Return what this account sees of a chat and may do in it."""
        return await self._chats.see(address)

    @_outcomes_as_data
    async def administered_chats(self) -> Sequence[ChatInfo]:
        """Return the chats in which this account may invite."""
        return await self._chats.administered()

    @_outcomes_as_data
    async def look_up(self, keys: PersonKeys) -> FoundUser:
        """Find a person by username, else by phone."""
        return await self._people.find(keys)

    @_outcomes_as_data
    async def invite(self, chat: ChatPeer, user: UserPeer) -> Outcome:
        """Add one person, one request, never repeated."""
        if chat.kind is ChatKind.BASIC_GROUP:
            request = AddChatUserRequest(chat.chat_id, input_user(user), _FORWARDED_HISTORY)
        else:
            request = InviteToChannelRequest(input_channel(chat), [input_user(user)])
        answer = await self._connection.call(request, Action.INVITE)
        refusal = missing_invitee_outcome(answer.missing_invitees)
        return refusal or Outcome(OutcomeCode.INVITED)

    @_outcomes_as_data
    async def membership(self, chat: ChatPeer, user: UserPeer) -> Membership:
        """Return whether a person is in the chat."""
        if chat.kind is ChatKind.BASIC_GROUP:
            inside = await participants_of(self._connection, chat)
            found = any(member.id == user.user_id for member in inside)
            return Membership.MEMBER if found else Membership.NOT_A_MEMBER
        request = GetParticipantRequest(input_channel(chat), user_input_peer(user))
        try:
            answer = await self._connection.call(request)
        except CallError as failed:
            if isinstance(failed.error, errors.UserNotParticipantError):
                return Membership.NOT_A_MEMBER
            raise
        return _membership_of(answer.participant)

    @_outcomes_as_data
    async def send_message(
        self,
        user: UserPeer,
        text: str,
        random_id: int,
        *,
        entities: Sequence[TextEntity] = (),
        link_preview: bool = True,
        file: UploadedFile | None = None,
    ) -> Outcome:
        """Send one private message, one request, never repeated."""
        peer, formatting = user_input_peer(user), message_entities(entities) or None
        request: TLRequest
        if file is not None:
            media = input_media(file)
            request = SendMediaRequest(peer, media, text, random_id=random_id, entities=formatting)
        else:
            request = SendMessageRequest(
                peer,
                text,
                random_id=random_id,
                entities=formatting,
                no_webpage=not link_preview,
            )
        await self._connection.call(request, Action.MESSAGE)
        return Outcome(OutcomeCode.SENT)

    @_outcomes_as_data
    async def requirements(self, users: Sequence[UserPeer]) -> Sequence[Requirement]:
        """Return what it takes to write to each of these people."""
        request = GetRequirementsToContactRequest([input_user(user) for user in users])
        answer = await self._connection.call(request)
        return [_requirement_of(item) for item in answer]

    @_outcomes_as_data
    async def upload(self, attachment: Attachment) -> UploadedFile:
        """Give Telegram a file to keep for messages of this account."""
        return await upload(self._connection, attachment)

    @_outcomes_as_data
    async def own_messages(self, user: UserPeer, limit: int) -> Sequence[OwnMessage]:
        """Return the account's own messages among the dialogue's latest hundred, newest first."""
        request = GetHistoryRequest(user_input_peer(user), 0, None, 0, _HISTORY_PAGE, 0, 0, 0)
        answer = await self._connection.call(request)
        own = (m for m in answer.messages if isinstance(m, Message) and m.out)
        newest_first = sorted(own, key=lambda m: m.id, reverse=True)
        return [OwnMessage(m.message, m.date) for m in newest_first[:limit]]

    @_outcomes_as_data
    async def create_invite_link(
        self, chat: ChatPeer, title: str, *, by_request: bool = False
    ) -> str:
        """Make a titled invite link."""
        request = ExportChatInviteRequest(
            chat_input_peer(chat), title=title[:_LINK_TITLE], request_needed=by_request or None
        )
        answer = await self._connection.call(request)
        return str(answer.link)

    @_outcomes_as_data
    async def revoke_invite_link(self, chat: ChatPeer, link: str) -> bool:
        """Let a link lead nowhere from now on; False when it did already."""
        request = EditExportedChatInviteRequest(chat_input_peer(chat), link, revoked=True)
        try:
            await self._connection.call(request)
        except CallError as failed:
            if isinstance(failed.error, errors.InviteHashExpiredError):
                return False
            raise
        return True

    @_outcomes_as_data
    async def is_link_open(self, chat: ChatPeer, link: str) -> bool:
        """Return whether a link still leads into its chat."""
        request = GetExportedChatInviteRequest(chat_input_peer(chat), link)
        try:
            answer = await self._connection.call(request)
        except CallError as failed:
            if isinstance(failed.error, errors.InviteHashExpiredError):
                return False
            raise
        return not answer.invite.revoked

    @_outcomes_as_data
    async def link_joiners(self, chat: ChatPeer, link: str, page: str = "") -> JoinersPage:
        """Return a part of those who came by a link, the latest first."""
        return await joiners_from(self._connection, chat, link, page)

    @_outcomes_as_data
    async def join_requests(self, chat: ChatPeer, page: str = "") -> JoinersPage:
        """Return a part of those who wait to be let in, the latest first."""
        return await joiners_from(self._connection, chat, None, page)

    @_outcomes_as_data
    async def answer_join_request(self, chat: ChatPeer, user: UserPeer, *, let_in: bool) -> bool:
        """Let somebody in or turn her away; False when she no longer waits."""
        request = HideChatJoinRequestRequest(
            chat_input_peer(chat), input_user(user), approved=let_in or None
        )
        try:
            await self._connection.call(request)
        except CallError as failed:
            if isinstance(failed.error, _WAITS_NO_MORE):
                return False
            raise
        return True

    @_outcomes_as_data
    async def invitations_since(self, chat: ChatPeer, since: datetime) -> Invitations:
        """Return who was added to a chat from a moment on, as far as Telegram remembers it."""
        return await invitations_since(self._connection, chat, since)

    @_outcomes_as_data
    async def members(self, chat: ChatPeer) -> Sequence[ChatMember]:
        """Return every participant that Telegram lists."""
        return [chat_member(user) for user in await participants_of(self._connection, chat)]

    @_outcomes_as_data
    async def member_page(self, chat: ChatPeer, page: str = "") -> PeoplePage:
        """Return a part of a chat's participants; a page is named by the offset of its first."""
        users, following = await participants_from(self._connection, chat, int(page or 0))
        people = [telegram_person(user) for user in users]
        return PeoplePage(people, None if following is None else str(following))

    @_outcomes_as_data
    async def dialog_people(self, page: str = "") -> PeoplePage:
        """Return the people of a part of the dialogues; a page is named by its request's bytes."""
        request = BinaryReader(bytes.fromhex(page)).tgread_object() if page else first_request()
        users, following = await people_of_dialogues(self._connection, request)
        people = [telegram_person(user) for user in users]
        if following is None:
            return PeoplePage(people)
        return PeoplePage(people, bytes(following).hex(), following.offset_date)

    @_outcomes_as_data
    async def contacts(self) -> Sequence[TelegramPerson]:
        """Return the account's own contacts."""
        answer = await self._connection.call(GetContactsRequest(0))
        return [telegram_person(user) for user in answer.users]

    @_outcomes_as_data
    async def update_state(self) -> UpdateState:
        """Return where the account's updates stand now."""
        return state_of(await self._connection.call(GetStateRequest()))

    @_outcomes_as_data
    async def news_since(self, state: UpdateState) -> News:
        """Return the private messages that came since a state, in parts."""
        request = GetDifferenceRequest(pts=state.pts, date=state.date, qts=state.qts)
        return news_of(await self._connection.call(request), state)

    @_outcomes_as_data
    async def messages_from(self, user: UserPeer, since: datetime) -> Sequence[IncomingMessage]:
        """Return what a person wrote to the account since a time, oldest first."""
        return await messages_from(self._connection, user, since)


def _requirement_of(item: TypeRequirementToContact) -> Requirement:
    if isinstance(item, RequirementToContactPremium):
        return Requirement.PREMIUM
    if isinstance(item, RequirementToContactPaidMessages):
        return Requirement.PAYMENT
    return Requirement.NONE


def _membership_of(participant: TypeChannelParticipant) -> Membership:
    if isinstance(participant, ChannelParticipantLeft):
        return Membership.NOT_A_MEMBER
    if isinstance(participant, ChannelParticipantBanned):
        if participant.banned_rights.view_messages:
            return Membership.REMOVED
        return Membership.NOT_A_MEMBER if participant.left else Membership.MEMBER
    return Membership.MEMBER
