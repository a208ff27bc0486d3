"""The world's people, chats and letters as TL objects, as one account sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.chats import VIEW
from invite_desktop.rehearsal.people import TELEGRAM_ID
from invite_desktop.rehearsal.population import Behaviour
from invite_desktop.rehearsal.portraits import portrait_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from telethon.tl.tlobject import TLObject

    from invite_desktop.rehearsal.chats import Ban, Chat, InviteLink
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World

_FOR_EVER = 2**31 - 1
"""The end of a ban that has none, as Telegram says it."""


def user(world: World, person: Person, viewer: Account) -> types.User:
    """Return a person; her phone only to herself and to those who have it in their contacts."""
    conduct = world.people.conduct(person)
    deleted = conduct.behaviour is Behaviour.DELETED
    access_hash = world.access_hash(viewer.id, person.id)
    if deleted:
        return types.User(person.id, deleted=True, access_hash=access_hash)
    contact = viewer.contacts.get(person.id)
    myself = person.id == viewer.id
    bot = conduct.behaviour is Behaviour.BOT
    phone = person.phone if myself or contact else None
    official = person.id == TELEGRAM_ID or None
    return types.User(
        person.id,
        is_self=myself,
        contact=contact is not None,
        mutual_contact=_is_mutual(world, person, viewer),
        verified=official,
        support=official,
        bot=bot,
        bot_nochats=bot,
        bot_info_version=1 if bot else None,
        premium=world.accounts[person.id].premium if person.id in world.accounts else None,
        access_hash=access_hash,
        first_name=contact.first_name if contact and contact.first_name else person.first_name,
        last_name=(contact.last_name if contact else person.last_name) or None,
        username=person.username,
        phone=phone.removeprefix("+") if phone else None,
        photo=profile_photo(world, person, viewer),
        status=None if bot else types.UserStatusRecently(),
    )


def profile_photo(world: World, person: Person, viewer: Account) -> types.UserProfilePhoto | None:
    """Return somebody's profile photo in short, None when she has none."""
    photo_id = portrait_id(world, person)
    return types.UserProfilePhoto(photo_id, viewer.dc) if photo_id else None


def users(world: World, user_ids: Iterable[int], viewer: Account) -> list[types.User]:
    """Return the people with these ids, each once."""
    people = (world.people.someone(user_id) for user_id in dict.fromkeys(user_ids))
    return [user(world, person, viewer) for person in people if person is not None]


def named_by(shown: Iterable[TLObject]) -> Iterator[int]:
    """Yield the ids of the people whom participants, importers and links name beside their own."""
    for item in shown:
        for field in ("inviter_id", "promoted_by", "kicked_by", "approved_by", "admin_id"):
            if user_id := getattr(item, field, None):
                yield user_id


def chat(world: World, shown: Chat, viewer: Account, *, counted: bool = True) -> types.TypeChat:
    """Return a chat as its members and, if it is public, everybody else see it."""
    member = shown.members.get(viewer.id)
    rights = admin_rights(member.rights) if member and member.rights is not None else None
    if shown.kind is ChatKind.BASIC_GROUP:
        return types.Chat(
            shown.id,
            shown.title,
            chat_photo(shown, viewer),
            len(shown.members),
            shown.made_at,
            version=1,
            creator=bool(member and member.creator),
            left=member is None,
            admin_rights=rights,
            default_banned_rights=_nobody_invites(),
            deactivated=bool(shown.migrated_to) or None,
            migrated_to=_became(world, shown, viewer),
        )
    ban = shown.ban_of(viewer.id, world.now())
    if (member is None and not shown.username) or (ban and VIEW in ban.rights):
        return forbidden(world, shown, viewer)
    return types.Channel(
        shown.id,
        shown.title,
        chat_photo(shown, viewer),
        member.joined_at if member else shown.made_at,
        creator=bool(member and member.creator),
        left=member is None,
        broadcast=shown.kind is ChatKind.CHANNEL,
        megagroup=shown.kind is ChatKind.SUPERGROUP,
        access_hash=world.access_hash(viewer.id, shown.id),
        username=shown.username,
        admin_rights=rights,
        default_banned_rights=_nobody_invites() if shown.kind is ChatKind.SUPERGROUP else None,
        banned_rights=banned_rights(ban) if ban else None,
        slowmode_enabled=bool(shown.slow_mode) or None,
        join_request=shown.join_by_request or None,
        has_link=bool(shown.username) or None,
        participants_count=world.member_count(shown) if counted else None,
    )


def chat_photo(shown: Chat, viewer: Account) -> types.TypeChatPhoto:
    """Return a chat's picture in short."""
    return types.ChatPhoto(shown.photo, viewer.dc) if shown.photo else types.ChatPhotoEmpty()


def forbidden(world: World, shown: Chat, viewer: Account) -> types.ChannelForbidden:
    """Return a private channel as those see it who are not in it any more."""
    return types.ChannelForbidden(
        shown.id,
        world.access_hash(viewer.id, shown.id),
        shown.title,
        broadcast=shown.kind is ChatKind.CHANNEL,
        megagroup=shown.kind is ChatKind.SUPERGROUP,
    )


def peer(shown: Chat) -> types.PeerChannel | types.PeerChat:
    """Return the peer of a chat."""
    return types.PeerChannel(shown.id) if shown.is_channel else types.PeerChat(shown.id)


def admin_rights(names: frozenset[str] | None) -> types.ChatAdminRights:
    """Return rights by the names of their flags."""
    return types.ChatAdminRights(**dict.fromkeys(names or (), True))


def banned_rights(ban: Ban | None) -> types.ChatBannedRights:
    """Return what somebody may not do; without a ban of the story: anything, for ever."""
    rights = ban.rights if ban else frozenset({VIEW, "send_messages"})
    until = ban.until if ban else 0
    return types.ChatBannedRights(until_date=until or _FOR_EVER, **dict.fromkeys(rights, True))


def invite(link: InviteLink, chat: Chat | None = None) -> types.ChatInviteExported:
    """Return an invite link; with its chat, how many wait who asked by it."""
    waiting = sum(i.link == link.hash for i in chat.requests.values()) if chat else 0
    return types.ChatInviteExported(
        link.address,
        link.admin_id,
        link.made_at,
        permanent=link.permanent or None,
        expire_date=link.expires_at or None,
        usage_limit=link.usage_limit or None,
        usage=link.usage or None,
        revoked=link.revoked or None,
        request_needed=link.by_request or None,
        requested=waiting or None,
        title=link.title or None,
    )


def group_made(shown: Chat) -> types.MessageService:
    """Return what a basic group shows in which nothing has been written: that it was made."""
    return types.MessageService(
        id=1,
        peer_id=types.PeerChat(shown.id),
        date=shown.made_at,
        action=types.MessageActionChatCreate(shown.title, [shown.creator_id]),
        from_id=types.PeerUser(shown.creator_id),
    )


def _nobody_invites() -> types.ChatBannedRights:
    return types.ChatBannedRights(until_date=None, invite_users=True, change_info=True)


def _became(world: World, shown: Chat, viewer: Account) -> types.InputChannel | None:
    if not shown.migrated_to:
        return None
    return types.InputChannel(shown.migrated_to, world.access_hash(viewer.id, shown.migrated_to))


def _is_mutual(world: World, person: Person, viewer: Account) -> bool:
    return person.id in viewer.contacts and world.people.has_saved(person, viewer.id)
