"""Telegram as the engine sees it: one messenger a connected account, outcomes as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Profile
    from invite_desktop.domain.attachments import Attachment, AttachmentKind
    from invite_desktop.domain.chats import ChatAddress, ChatInfo, ChatKind, Standing
    from invite_desktop.domain.formatted_text import TextEntity
    from invite_desktop.domain.outcomes import Outcome
    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.chat_history import Invitations
    from invite_desktop.engine.ports.replies import IncomingMessage, News, UpdateState


@dataclass(frozen=True, slots=True)
class UserPeer:
    """A person as one account can address her; the hash is worthless to any other account."""

    user_id: int
    access_hash: int


@dataclass(frozen=True, slots=True)
class ChatPeer:
    """A chat as one account can address it; a basic group needs no hash (0)."""

    chat_id: int
    access_hash: int
    kind: ChatKind


@dataclass(frozen=True, slots=True)
class ChatSight:
    """What one account sees of a chat. ``peer`` is None when the account is not a member.

    A private chat that the account has not joined may hide everything: then ``info`` is None.
    """

    standing: Standing
    info: ChatInfo | None = None
    peer: ChatPeer | None = None


class Membership(StrEnum):
    """What channels.getParticipant says of a person."""

    MEMBER = "member"
    NOT_A_MEMBER = "not_a_member"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FoundUser:
    """A person that a look-up found, with what makes her impossible to invite, if anything."""

    peer: UserPeer
    is_bot: bool = False
    is_deleted: bool = False
    is_self: bool = False


class Requirement(StrEnum):
    """What it takes for an account to write to somebody (users.getRequirementsToContact)."""

    NONE = "none"
    PREMIUM = "premium"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A picture or file that Telegram keeps, as one account can put it into messages.

    ``reference`` grows old: Telegram may ask for the file anew after some hours.
    """

    kind: AttachmentKind
    id: int
    access_hash: int
    reference: bytes


@dataclass(frozen=True, slots=True)
class OwnMessage:
    """A message of the account's own in one dialogue. ``sent_at`` is Telegram's time, UTC."""

    text: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ChatMember:
    """One participant of a chat, as far as comparing lists needs."""

    user_id: int
    username: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class TelegramPerson:
    """A person that an account met, and how it can address her."""

    peer: UserPeer
    username: str | None = None
    phone: str | None = None
    first_name: str = ""
    last_name: str = ""
    is_bot: bool = False
    is_deleted: bool = False
    is_self: bool = False


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A part of a list of people. ``next_page`` asks for the following one, None at the end.

    ``oldest`` is the time of the last message of the part's last dialogue, None when not known.
    """

    people: Sequence[TelegramPerson]
    next_page: str | None = None
    oldest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who came by a link, or who asks to be let in, and when she did (UTC)."""

    person: TelegramPerson
    at: datetime


@dataclass(frozen=True, slots=True)
class JoinersPage:
    """A part of such a list, the latest first. ``next_page`` asks for the following one."""

    joiners: Sequence[Joiner]
    next_page: str | None = None


class Messenger(Protocol):
    """One connected account. Troubles come back as outcomes, never as exceptions.

    Nothing here retries a call that may have had effect; the engine settles such calls.
    """

    async def who_am_i(self) -> Profile | Outcome:
        """Return the account's own profile, fresh (users.getUsers); FROZEN when the account is."""
        ...

    async def own_peer(self) -> UserPeer | Outcome:
        """Return the account itself as it addresses itself: the dialogue “Saved Messages”."""
        ...

    async def own_photo(self) -> bytes | Outcome | None:
        """Return the account's own small profile photo as an image file, None without one."""
        ...

    async def see_chat(self, address: ChatAddress) -> ChatSight | Outcome:
        """Return what this account sees of a chat and may do in it.

        A name is looked up once for ever; LOOK_UPS_SPENT when that may not be done now.
        """
        ...

    async def administered_chats(self) -> Sequence[ChatInfo] | Outcome:
        """Return the chats in which this account may invite, from its dialogues."""
        ...

    async def look_up(self, keys: PersonKeys) -> FoundUser | Outcome:
        """Find a person by username (contacts.resolveUsername), else by phone.

        A look-up by phone uses contacts.importContacts and removes the contact afterwards. Keys
        with neither end as NOT_ADDRESSABLE without a call.
        """
        ...

    async def invite(self, chat: ChatPeer, user: UserPeer) -> Outcome:
        """Add one person (channels.inviteToChannel or messages.addChatUser).

        INVITED means that Telegram accepted and did not list her in ``missing_invitees``.
        """
        ...

    async def membership(self, chat: ChatPeer, user: UserPeer) -> Membership | Outcome:
        """Return whether a person is in the chat (channels.getParticipant)."""
        ...

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
        """Send one private message; RANDOM_ID_DUPLICATE counts as SENT.

        With a file the text is its caption. INTERRUPTED, with no effect: Telegram no longer knows
        the file, which must be uploaded anew.
        """
        ...

    async def requirements(self, users: Sequence[UserPeer]) -> Sequence[Requirement] | Outcome:
        """Return what it takes to write to each of these people; at most 100, one call.

        NOT_ADDRESSABLE when one of them cannot be addressed by this account.
        """
        ...

    async def upload(self, attachment: Attachment) -> UploadedFile | Outcome:
        """Give Telegram a file to keep for messages of this account; nobody notices.

        FILE_UNUSABLE when Telegram does not take it. Raises KnownError when it cannot be read.
        """
        ...

    async def own_messages(self, user: UserPeer, limit: int) -> Sequence[OwnMessage] | Outcome:
        """Return the account's own latest messages in the dialogue, newest first."""
        ...

    async def create_invite_link(
        self, chat: ChatPeer, title: str, *, by_request: bool = False
    ) -> str | Outcome:
        """Make a titled invite link (messages.exportChatInvite); the title is cut to 32.

        ``by_request``: who uses it waits until an administrator lets her in.
        """
        ...

    async def revoke_invite_link(self, chat: ChatPeer, link: str) -> bool | Outcome:
        """Let a link lead nowhere from now on; False when it did already."""
        ...

    async def is_link_open(self, chat: ChatPeer, link: str) -> bool | Outcome:
        """Return whether a link still leads into its chat: it may be revoked from anywhere."""
        ...

    async def link_joiners(
        self, chat: ChatPeer, link: str, page: str = ""
    ) -> JoinersPage | Outcome:
        """Return a part of those who came by a link (messages.getChatInviteImporters)."""
        ...

    async def join_requests(self, chat: ChatPeer, page: str = "") -> JoinersPage | Outcome:
        """Return a part of those who wait to be let in, by whatever link they asked."""
        ...

    async def answer_join_request(
        self, chat: ChatPeer, user: UserPeer, *, let_in: bool
    ) -> bool | Outcome:
        """Let somebody in or turn her away (messages.hideChatJoinRequest).

        False when she no longer waits: she is in, took her request back, or was answered.
        """
        ...

    async def invitations_since(self, chat: ChatPeer, since: datetime) -> Invitations | Outcome:
        """Return who was added to a chat that the account administers, from a moment (UTC) on."""
        ...

    async def members(self, chat: ChatPeer) -> Sequence[ChatMember] | Outcome:
        """Return every participant of a chat that the account administers, paged through."""
        ...

    async def member_page(self, chat: ChatPeer, page: str = "") -> PeoplePage | Outcome:
        """Return a part of a chat's participants, from the beginning or where a page ended."""
        ...

    async def dialog_people(self, page: str = "") -> PeoplePage | Outcome:
        """Return the people with whom the account has dialogues, a part at a time."""
        ...

    async def contacts(self) -> Sequence[TelegramPerson] | Outcome:
        """Return the account's own contacts (contacts.getContacts)."""
        ...

    async def update_state(self) -> UpdateState | Outcome:
        """Return where the account's updates stand now (updates.getState)."""
        ...

    async def news_since(self, state: UpdateState) -> News | Outcome:
        """Return the private messages that came since a state (updates.getDifference), in parts."""
        ...

    async def messages_from(
        self, user: UserPeer, since: datetime
    ) -> Sequence[IncomingMessage] | Outcome:
        """Return what a person wrote to the account since a time, oldest first."""
        ...


class ChatLookUps(Protocol):
    """What looking up the names of chats may cost an account, and what it has brought.

    contacts.resolveUsername is rationed by Telegram, for people and chats together.
    """

    async def known(self, account_id: int, username: str) -> ChatPeer | None:
        """Return the chat to which a name led the account, None when it must be looked up."""
        ...

    async def begin(self, account_id: int) -> int | Outcome:
        """Write a look-up before it is made; LOOK_UPS_SPENT when the account may make none."""
        ...

    async def end(self, call_id: int, outcome: Outcome) -> None:
        """Write how a look-up ended."""
        ...

    async def keep(self, account_id: int, username: str, peer: ChatPeer | None) -> None:
        """Remember to which chat a name leads, or (None) that it must be looked up anew."""
        ...


class TelegramGateway(Protocol):
    """The door to Telegram for accounts that are logged in."""

    async def open(self, account_id: int) -> Messenger | Outcome:
        """Return the connected messenger of an account, connecting it when needed.

        LOGGED_OUT when the keyring has no session or Telegram ended it; NOT_CONNECTED without
        network. Raises KnownError when the keyring refuses.
        """
        ...

    def listen(self, heard: Callable[[int], None]) -> None:
        """Call back with an account's id when something came for it, or may have come.

        So after every new connection: what came while there was none is only in the difference.
        """
        ...

    def ration(self, look_ups: ChatLookUps) -> None:
        """Let every look-up of a chat's name be asked for and remembered here."""
        ...

    async def log_out(self, account_id: int) -> None:
        """End the session at Telegram and delete it from the keyring."""
        ...

    async def close(self) -> None:
        """Disconnect every account."""
        ...
