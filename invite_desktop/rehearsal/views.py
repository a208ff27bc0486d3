"""The world's people, chats and letters as TL objects, as one account sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telethon.tl import types

from invite_desktop.domain.chats import ChatKind
from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from collections.abc import Iterable

    from invite_desktop.rehearsal.chats import Chat, InviteLink
    from invite_desktop.rehearsal.mailbox import Letter, ReadMark
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World


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
    return types.User(
        person.id,
        is_self=myself,
        contact=contact is not None,
        mutual_contact=_is_mutual(world, person, viewer),
        bot=bot,
        bot_nochats=bot,
        bot_info_version=1 if bot else None,
        premium=world.accounts[person.id].premium if person.id in world.accounts else None,
        access_hash=access_hash,
        first_name=contact.first_name if contact and contact.first_name else person.first_name,
        last_name=(contact.last_name if contact else person.last_name) or None,
        username=person.username,
        phone=phone.removeprefix("+") if phone else None,
        status=None if bot else types.UserStatusRecently(),
    )


def users(world: World, user_ids: Iterable[int], viewer: Account) -> list[types.User]:
    """Return the people with these ids, each once."""
    people = (world.people.someone(user_id) for user_id in dict.fromkeys(user_ids))
    return [user(world, person, viewer) for person in people if person is not None]


def chat(world: World, shown: Chat, viewer: Account, *, counted: bool = True) -> types.TypeChat:
    """Return a chat as its members and, if it is public, everybody else see it."""
    member = shown.members.get(viewer.id)
    rights = admin_rights(member.rights) if member and member.rights is not None else None
    if shown.kind is ChatKind.BASIC_GROUP:
        return types.Chat(
            shown.id,
            shown.title,
            types.ChatPhotoEmpty(),
            len(shown.members),
            shown.made_at,
            version=1,
            creator=bool(member and member.creator),
            left=member is None,
            admin_rights=rights,
            default_banned_rights=_nobody_invites(),
        )
    if member is None and not shown.username:
        return forbidden(world, shown, viewer)
    return types.Channel(
        shown.id,
        shown.title,
        types.ChatPhotoEmpty(),
        member.joined_at if member else shown.made_at,
        creator=bool(member and member.creator),
        left=member is None,
        broadcast=shown.kind is ChatKind.CHANNEL,
        megagroup=shown.kind is ChatKind.SUPERGROUP,
        access_hash=world.access_hash(viewer.id, shown.id),
        username=shown.username,
        admin_rights=rights,
        default_banned_rights=_nobody_invites() if shown.kind is ChatKind.SUPERGROUP else None,
        participants_count=world.member_count(shown) if counted else None,
    )


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


def removed_rights() -> types.ChatBannedRights:
    """Return what somebody who was thrown out may not do: everything, for ever."""
    return types.ChatBannedRights(until_date=None, view_messages=True, send_messages=True)


def invite(link: InviteLink) -> types.ChatInviteExported:
    """Return an invite link."""
    return types.ChatInviteExported(
        link.address,
        link.admin_id,
        link.made_at,
        permanent=link.permanent or None,
        expire_date=link.expires_at or None,
        usage_limit=link.usage_limit or None,
        usage=link.usage or None,
        title=link.title or None,
    )


def letter(shown: Letter, owner: Account) -> types.Message:
    """Return a private message as its owner sees it."""
    author = owner.id if shown.out else shown.peer_id
    return types.Message(
        shown.id,
        types.PeerUser(shown.peer_id),
        shown.sent_at,
        shown.text,
        out=shown.out,
        from_id=types.PeerUser(author),
    )


def read_mark(mark: ReadMark) -> types.UpdateReadHistoryInbox:
    """Return the update that a dialogue was read."""
    peer = types.PeerUser(mark.peer_id)
    return types.UpdateReadHistoryInbox(peer, mark.up_to, mark.unread, mark.pts, 1)


def chat_made(shown: Chat) -> types.MessageService:
    """Return the one message that every chat has: that it was made."""
    action = (
        types.MessageActionChannelCreate(shown.title)
        if shown.is_channel
        else types.MessageActionChatCreate(shown.title, [shown.creator_id])
    )
    author = types.PeerUser(shown.creator_id)
    return types.MessageService(
        id=1, peer_id=peer(shown), date=shown.made_at, action=action, from_id=author
    )


def _nobody_invites() -> types.ChatBannedRights:
    return types.ChatBannedRights(until_date=None, invite_users=True, change_info=True)


def _is_mutual(world: World, person: Person, viewer: Account) -> bool:
    other = world.accounts.get(person.id)
    return other is not None and person.id in viewer.contacts and viewer.id in other.contacts
