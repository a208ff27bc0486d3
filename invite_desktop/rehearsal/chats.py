"""Groups and channels of a world: members, rights, removals and invite links."""

from __future__ import annotations

from dataclasses import dataclass, field

from invite_desktop.domain.chats import ChatKind

EVERY_RIGHT = frozenset(
    {
        "change_info",
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


@dataclass(slots=True)
class Membership:
    """One member. ``joined_at`` is unix time of the world; ``inviter_id`` 0: came by herself.

    ``rights`` None: no administrator. ``link``: the hash of the invite link she came by.
    """

    joined_at: int
    inviter_id: int = 0
    rights: frozenset[str] | None = None
    creator: bool = False
    link: str = ""


@dataclass(slots=True)
class InviteLink:
    """A link into a chat. Times are unix time of the world, 0: never."""

    hash: str
    admin_id: int
    made_at: int
    title: str = ""
    expires_at: int = 0
    usage_limit: int = 0
    usage: int = 0
    permanent: bool = False

    @property
    def address(self) -> str:
        """Return the link as people pass it on."""
        return f"https://t.me/+{self.hash}"


@dataclass(slots=True, eq=False)
class Chat:
    """A basic group, a supergroup or a broadcast channel. ``made_at`` is unix time.

    ``has_regulars``: people whose seed says so have been members since before the story began.
    """

    id: int
    kind: ChatKind
    title: str
    username: str | None
    made_at: int
    has_regulars: bool
    members: dict[int, Membership] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    left: set[int] = field(default_factory=set)
    links: dict[str, InviteLink] = field(default_factory=dict)

    @property
    def is_channel(self) -> bool:
        """Return whether the API calls this a channel (supergroups too)."""
        return self.kind is not ChatKind.BASIC_GROUP

    def may_invite(self, user_id: int) -> bool:
        """Return whether a member may add people."""
        member = self.members.get(user_id)
        return member is not None and (
            member.creator or (member.rights is not None and "invite_users" in member.rights)
        )

    def is_admin(self, user_id: int) -> bool:
        """Return whether a member is the creator or an administrator."""
        member = self.members.get(user_id)
        return member is not None and (member.creator or member.rights is not None)

    @property
    def creator_id(self) -> int:
        """Return the id of the creator, 0 when she has left."""
        return next((i for i, member in self.members.items() if member.creator), 0)
