"""The world's people, chats and letters as TL objects, as one account sees them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal import tl
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


def user(world: World, person: Person, viewer: Account) -> tl.Shown:
    """Return a person; her phone only to herself and to those who have it in their contacts."""
    behaviour = world.people.conduct(person).behaviour
    access_hash = world.access_hash(viewer.id, person.id)
    if behaviour is Behaviour.DELETED:
        return tl.Shown(types.User(person.id, deleted=True, access_hash=access_hash))
    contact = viewer.contacts.get(person.id)
    phone = person.phone if contact or person is viewer else None
    account = world.accounts.get(person.id)
    return _user(
        person.id,
        access_hash,
        contact.first_name if contact and contact.first_name else person.first_name,
        (contact.last_name if contact else person.last_name) or None,
        person.username,
        phone.removeprefix("+") if phone else None,
        portrait_id(world, person),
        viewer.dc,
        is_self=person is viewer,
        contact=contact is not None,
        mutual_contact=is_mutual(world, person, viewer),
        bot=behaviour is Behaviour.BOT,
        premium=account.premium if account else None,
    )


@lru_cache(maxsize=4096)
def _user(  # noqa: PLR0913, PLR0917 - all that is shown of a person
    user_id: int,
    access_hash: int,
    first_name: str,
    last_name: str | None,
    username: str | None,
    phone: str | None,
    photo_id: int,
    dc: int,
    *,
    is_self: bool,
    contact: bool,
    mutual_contact: bool,
    bot: bool,
    premium: bool | None,
) -> tl.Shown:
    """Return a person; who is looked up is added soon after, and the caller is in every answer."""
    official = user_id == TELEGRAM_ID or None
    shown = types.User(
        user_id,
        is_self=is_self,
        contact=contact,
        mutual_contact=mutual_contact,
        verified=official,
        support=official,
        bot=bot,
        bot_nochats=bot,
        bot_info_version=1 if bot else None,
        premium=premium,
        access_hash=access_hash,
        first_name=first_name,
        last_name=last_name,
        username=username,
        phone=phone,
        photo=types.UserProfilePhoto(photo_id, dc) if photo_id else None,
        status=None if bot else types.UserStatusRecently(),
    )
    return tl.Shown(shown)


def profile_photo(world: World, person: Person, viewer: Account) -> types.UserProfilePhoto | None:
    """Return somebody's profile photo in short, None when she has none."""
    photo_id = portrait_id(world, person)
    return types.UserProfilePhoto(photo_id, viewer.dc) if photo_id else None


def users(world: World, user_ids: Iterable[int], viewer: Account) -> list[tl.Shown]:
    """Return the people with these ids, each once."""
    people = (world.people.someone(user_id) for user_id in dict.fromkeys(user_ids))
    return [user(world, person, viewer) for person in people if person is not None]


def named_by(shown: Iterable[TLObject]) -> Iterator[int]:
    """Yield the ids of the people whom participants, importers and links name beside their own."""
    for item in shown:
        for field in ("inviter_id", "promoted_by", "kicked_by", "approved_by", "admin_id"):
            if user_id := getattr(item, field, None):
                yield user_id


def chat(
    world: World, shown: Chat, viewer: Account, *, counted: bool = True
) -> TLObject | tl.Shown:
    """Return a chat as its members and, if it is public, everybody else see it."""
    member = shown.members.get(viewer.id)
    if shown.kind is ChatKind.BASIC_GROUP:
        rights = admin_rights(member.rights) if member and member.rights is not None else None
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
    return _channel(
        shown.id,
        shown.title,
        shown.photo,
        viewer.dc,
        member.joined_at if member else shown.made_at,
        world.access_hash(viewer.id, shown.id),
        shown.username,
        member.rights if member else None,
        ban,
        world.member_count(shown) if counted else None,
        creator=bool(member and member.creator),
        left=member is None,
        megagroup=shown.kind is ChatKind.SUPERGROUP,
        slow=shown.slow_mode > 0,
        join_request=shown.join_by_request,
    )


@lru_cache(maxsize=256)
def _channel(  # noqa: PLR0913, PLR0917 - all that is shown of a channel
    channel_id: int,
    title: str,
    photo: int,
    dc: int,
    date: int,
    access_hash: int,
    username: str | None,
    rights: frozenset[str] | None,
    ban: Ban | None,
    count: int | None,
    *,
    creator: bool,
    left: bool,
    megagroup: bool,
    slow: bool,
    join_request: bool,
) -> tl.Shown:
    """Return a supergroup or channel; the same ones stand in almost every answer."""
    return tl.Shown(
        types.Channel(
            channel_id,
            title,
            _picture(photo, dc),
            date,
            creator=creator,
            left=left,
            broadcast=not megagroup,
            megagroup=megagroup,
            access_hash=access_hash,
            username=username,
            admin_rights=None if rights is None else admin_rights(rights),
            default_banned_rights=_nobody_invites() if megagroup else None,
            banned_rights=banned_rights(ban) if ban else None,
            slowmode_enabled=slow or None,
            join_request=join_request or None,
            has_link=bool(username) or None,
            participants_count=count,
        )
    )


def chat_photo(shown: Chat, viewer: Account) -> types.TypeChatPhoto:
    """Return a chat's picture in short."""
    return _picture(shown.photo, viewer.dc)


def _picture(photo: int, dc: int) -> types.TypeChatPhoto:
    return types.ChatPhoto(photo, dc) if photo else types.ChatPhotoEmpty()


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


def is_mutual(world: World, person: Person, viewer: Account) -> bool:
    """Return whether two have each other among their contacts."""
    return person.id in viewer.contacts and world.people.has_saved(person, viewer.id)
