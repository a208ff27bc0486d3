"""Groups and channels of a world: members, rights, bans, links, requests and their log."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.history import History

EVERY_RIGHT = frozenset(
    {
        "change_info",
        "post_messages",
        "edit_messages",
        "delete_messages",
        "ban_users",
        "invite_users",
        "pin_messages",
        "add_admins",
        "manage_call",
        "other",
    }
)
"""What the creator may do; the names are the flags of chatAdminRights."""

INVITE = frozenset({"invite_users"})
"""The one right that this product is about."""

VIEW = "view_messages"
"""The flag of chatBannedRights that throws somebody out."""

_MOST_LOGGED = 5_000


@dataclass(slots=True)
class Membership:
    """One member. ``joined_at`` is unix time of the world; ``inviter_id`` 0: came by herself.

    ``rights`` None: no administrator. ``link``: the hash of the invite link she came by.
    ``approved_by``: who let her in when she had asked. ``rank``: her title as an administrator.
    """

    joined_at: int
    inviter_id: int = 0
    rights: frozenset[str] | None = None
    creator: bool = False
    link: str = ""
    approved_by: int = 0
    promoted_by: int = 0
    rank: str = ""


@dataclass(slots=True)
class InviteLink:
    """A link into a chat. Times are unix time of the world, 0: never.

    ``permanent``: an administrator's one link without title and limits.
    """

    hash: str
    admin_id: int
    made_at: int
    title: str = ""
    expires_at: int = 0
    usage_limit: int = 0
    usage: int = 0
    permanent: bool = False
    revoked: bool = False
    by_request: bool = False

    @property
    def address(self) -> str:
        """Return the link as people pass it on."""
        return f"https://t.me/+{self.hash}"

    def leads_in(self, now: int) -> bool:
        """Return whether the link is neither revoked nor expired nor used up."""
        expired = self.expires_at and self.expires_at <= now
        used_up = self.usage_limit and self.usage >= self.usage_limit
        return not (self.revoked or expired or used_up)


class Ban(NamedTuple):
    """What somebody may not do in a chat; ``until`` in unix time of the world, 0: for ever.

    ``rights`` are flags of chatBannedRights; with view_messages she is thrown out.
    """

    by: int
    at: int
    until: int
    rights: frozenset[str]


class Departure(NamedTuple):
    """The place that somebody had in a chat and gave up, at unix time of the world, 0: unknown."""

    member: Membership
    at: int


class JoinRequest(NamedTuple):
    """Somebody waits to be let in; ``link``: the hash of the link by which she asked."""

    at: int
    link: str = ""


class LogKind(StrEnum):
    """What an administrator finds in the log of recent actions."""

    ADDED = "added"
    JOINED = "joined"
    JOINED_BY_LINK = "joined by link"
    JOINED_BY_REQUEST = "joined by request"
    LEFT = "left"
    BAN = "ban"
    ADMIN = "admin"
    LINK_EDITED = "link edited"
    LINK_REVOKED = "link revoked"
    LINK_DELETED = "link deleted"
    SLOW_MODE = "slow mode"
    USERNAME = "username"
    TITLE = "title"
    PHOTO = "photo"


class LogEntry(NamedTuple):
    """One recent action; ``before`` and ``after`` are JSON values as its kind needs them."""

    id: int
    at: int
    actor_id: int
    kind: str
    subject_id: int = 0
    before: str = ""
    after: str = ""


@dataclass(slots=True, eq=False)
class Chat:
    """A basic group, a supergroup or a broadcast channel. ``made_at`` is unix time.

    ``has_regulars``: people whose seed says so have been members since before the story began.
    ``left``: who went away by herself; ``departures``: what is known of it. ``pardoned``: whose ban
    was lifted, whatever the seed says.
    ``migrated_to``: the supergroup that a basic group has become. ``photo`` is the number of a
    stored picture, 0: none. ``founder_id``: who has made it since the story began, else 0.
    """

    id: int
    kind: ChatKind
    title: str
    username: str | None
    made_at: int
    has_regulars: bool
    members: dict[int, Membership] = field(default_factory=dict)
    bans: dict[int, Ban] = field(default_factory=dict)
    pardoned: set[int] = field(default_factory=set)
    left: set[int] = field(default_factory=set)
    departures: dict[int, Departure] = field(default_factory=dict)
    links: dict[str, InviteLink] = field(default_factory=dict)
    requests: dict[int, JoinRequest] = field(default_factory=dict)
    join_by_request: bool = False
    slow_mode: int = 0
    history: History = field(default_factory=History)
    log: deque[LogEntry] = field(default_factory=lambda: deque(maxlen=_MOST_LOGGED))
    migrated_to: int = 0
    migrated_from: int = 0
    about: str = ""
    photo: int = 0
    founder_id: int = 0
    is_retitled: bool = False

    @property
    def is_channel(self) -> bool:
        """Return whether the API calls this a channel (supergroups too)."""
        return self.kind is not ChatKind.BASIC_GROUP

    def has_right(self, user_id: int, right: str) -> bool:
        """Return whether a member is the creator or an administrator with a right."""
        member = self.members.get(user_id)
        return member is not None and (
            member.creator or (member.rights is not None and right in member.rights)
        )

    def may_invite(self, user_id: int) -> bool:
        """Return whether a member may add people."""
        return self.has_right(user_id, "invite_users")

    def is_admin(self, user_id: int) -> bool:
        """Return whether a member is the creator or an administrator."""
        member = self.members.get(user_id)
        return member is not None and (member.creator or member.rights is not None)

    def ban_of(self, user_id: int, now: int) -> Ban | None:
        """Return the ban that is in force against somebody."""
        ban = self.bans.get(user_id)
        return ban if ban is not None and (not ban.until or ban.until > now) else None

    def is_thrown_out(self, user_id: int, now: int) -> bool:
        """Return whether somebody was thrown out and may not come back yet."""
        ban = self.ban_of(user_id, now)
        return ban is not None and VIEW in ban.rights

    @property
    def creator_id(self) -> int:
        """Return the id of the creator, 0 when she has left."""
        return next((i for i, member in self.members.items() if member.creator), 0)
