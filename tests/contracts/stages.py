"""The same little Telegram twice: in memory, and as a server behind the real Telethon."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from telethon.sessions import StringSession

from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.login import ApiCredentials
from invite_desktop.engine.ports.telegram import ChatPeer, FoundUser, UserPeer
from invite_desktop.rehearsal.chats import INVITE
from invite_desktop.rehearsal.population import CALM, Behaviour, Conduct, Reception
from invite_desktop.rehearsal.scripts import Drop
from invite_desktop.rehearsal.world import World
from invite_desktop.telegram.client_factory import CallLimits, ClientFactory
from invite_desktop.telegram.gateway import TelethonGateway
from invite_desktop.telegram.login_gateway import TelethonLoginGateway
from invite_desktop.telegram.memory_vault import MemoryVault
from invite_desktop.telegram.server_address import ServerAddress
from tests.fakes.rehearsal import API_HASH, API_ID, Rehearsal
from tests.fakes.telegram import FakeGateway, FakeLoginGateway, FakeTelegram

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.domain.chats import ChatAddress
    from invite_desktop.domain.people import PersonKeys
    from invite_desktop.engine.ports.login import LoginGateway
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.engine.ports.telegram import Messenger, TelegramGateway

CREDENTIALS = ApiCredentials(API_ID, API_HASH)
LIMITS = CallLimits(answer=30.0, connect=30.0, pause=0.02)

METHODS = {
    "who_am_i": "users.getUsers",
    "look_up": "contacts.resolveUsername",
    "invite": "channels.inviteToChannel",
    "membership": "channels.getParticipant",
    "send_message": "messages.sendMessage",
    "upload": "messages.uploadMedia",
}
"""The TL methods behind the port's, for scripting both stages in the same words."""

_ON_INVITE = {
    OutcomeCode.PRIVACY: Behaviour.PRIVACY,
    OutcomeCode.PREMIUM_NEEDED: Behaviour.PREMIUM_WOULD_ALLOW,
    OutcomeCode.NOT_MUTUAL_CONTACT: Behaviour.NOT_MUTUAL_CONTACT,
    OutcomeCode.TOO_MANY_CHATS: Behaviour.TOO_MANY_CHATS,
    OutcomeCode.REMOVED_FROM_CHAT: Behaviour.KICKED,
    OutcomeCode.BOT: Behaviour.BOT,
    OutcomeCode.DELETED_ACCOUNT: Behaviour.DELETED,
    OutcomeCode.ADD_FAILED: Behaviour.ADD_FAILED,
    OutcomeCode.BLOCKED: Behaviour.BLOCKED,
}
_ON_MESSAGE = {
    OutcomeCode.PREMIUM_NEEDED: Reception.PREMIUM_REQUIRED,
    OutcomeCode.PAID_MESSAGES: Reception.PAID,
    OutcomeCode.BLOCKED: Reception.BLOCKS_SENDER,
}
_ERRORS = {
    OutcomeCode.FLOOD_WAIT: "FLOOD_WAIT_30",
    OutcomeCode.PEER_FLOOD: "PEER_FLOOD",
    OutcomeCode.UNKNOWN_ERROR: "SOMETHING_NEW",
}

INVITE_REFUSALS = tuple(_ON_INVITE)
MESSAGE_REFUSALS = tuple(_ON_MESSAGE)
SCRIPTED = tuple(_ERRORS)
When = Literal["before", "after"]


@dataclass(frozen=True)
class Someone:
    """A person or account of a stage, by the keys that both know."""

    item: Any
    user_id: int


class Stage(Protocol):
    """What a contract test may arrange and ask, whoever plays Telegram."""

    gateway: TelegramGateway
    logins: LoginGateway
    vault: SecretVault

    def account(self, account_id: int | None, username: str, **fields: Any) -> Someone: ...

    def person(self, username: str | None = None, **fields: Any) -> Someone: ...

    def chat(self, title: str, creator: Someone, **fields: Any) -> Any: ...

    def seat(self, chat: Any, member: Someone, *, may_invite: bool | None = None) -> None: ...

    def script(self, account_id: int, method: str, code: OutcomeCode) -> None: ...

    def drop(self, account_id: int, method: str, when: When) -> None: ...

    async def go_offline(self) -> None: ...

    async def reconnect(self) -> None: ...

    def end_sessions(self, account_id: int, account: Someone) -> None: ...

    def freeze(self, account: Someone) -> None: ...

    def write_to(self, account_id: int, account: Someone, person: Someone, text: str) -> None: ...

    def rewrite(self, account_id: int, account: Someone, person: Someone, text: str) -> None: ...

    def use_link(self, person: Someone, link: str) -> bool: ...

    def forget_link(self, chat: Any, link: str) -> None: ...

    def migrate(self, group: Any) -> Any: ...

    def leave(self, chat: Any, person: Someone) -> None: ...

    def member_ids(self, chat: Any) -> set[int]: ...

    def times_contacted(self, person: Someone) -> int: ...


class FakeStage:
    """The fakes, held to the same contract as what they stand for."""

    def __init__(self) -> None:
        self.telegram = FakeTelegram()
        self.gateway = FakeGateway(self.telegram)
        self.vault = self.gateway.vault
        self.logins = FakeLoginGateway(self.telegram, self.gateway.vault)

    def account(self, account_id: int | None, username: str, **fields: Any) -> Someone:
        person = self.telegram.add_person(username, **fields)
        if account_id is not None:
            self.gateway.log_in(account_id, person)
        return Someone(person, person.user_id)

    def person(
        self,
        username: str | None = None,
        *,
        phone: str | None = None,
        on_invite: OutcomeCode | None = None,
        on_message: OutcomeCode | None = None,
        joins: bool = True,
        findable_by_phone: bool = True,
    ) -> Someone:
        person = self.telegram.add_person(
            username,
            phone=phone,
            on_invite=on_invite,
            on_message=on_message,
            joins=joins,
            findable_by_phone=findable_by_phone,
            is_bot=on_invite is OutcomeCode.BOT,
            is_deleted=on_invite is OutcomeCode.DELETED_ACCOUNT,
        )
        return Someone(person, person.user_id)

    def chat(
        self,
        title: str,
        creator: Someone,
        *,
        kind: ChatKind = ChatKind.SUPERGROUP,
        username: str | None = None,
        link: str | None = None,
    ) -> Any:
        return self.telegram.add_chat(
            title, [creator.item], kind=kind, username=username, invite_hash=link
        )

    def seat(self, chat: Any, member: Someone, *, may_invite: bool | None = None) -> None:
        chat.members.add(member.user_id)
        if may_invite is not None:
            chat.admins[member.user_id] = may_invite

    def script(self, account_id: int, method: str, code: OutcomeCode) -> None:
        wait = 30 if code is OutcomeCode.FLOOD_WAIT else 0
        self.gateway.messengers[account_id].script(method, Outcome(code, wait, _ERRORS[code]))

    def drop(self, account_id: int, method: str, when: When) -> None:
        self.gateway.messengers[account_id].drop(method, after_effect=when == "after")

    async def go_offline(self) -> None:
        self.telegram.online = False

    async def reconnect(self) -> None:
        await self.gateway.close()

    def end_sessions(self, account_id: int, account: Someone) -> None:
        self.gateway.end_session(account_id)

    def freeze(self, account: Someone) -> None:
        account.item.account_trouble = OutcomeCode.FROZEN

    def write_to(self, account_id: int, account: Someone, person: Someone, text: str) -> None:
        self.gateway.messengers[account_id].receive(person.item, text)

    def rewrite(self, account_id: int, account: Someone, person: Someone, text: str) -> None:
        self.gateway.messengers[account_id].receive(person.item, text, edits=True)

    def use_link(self, person: Someone, link: str) -> bool:
        return self.telegram.use_link(person.item, link)

    def migrate(self, group: Any) -> Any:
        return self.telegram.migrate(group)

    def forget_link(self, chat: Any, link: str) -> None:
        self.telegram.links = [each for each in self.telegram.links if each.address != link]

    def leave(self, chat: Any, person: Someone) -> None:
        chat.members.discard(person.user_id)

    def member_ids(self, chat: Any) -> set[int]:
        return set(chat.members)

    def times_contacted(self, person: Someone) -> int:
        return self.telegram.times_invited(person.item) + self.telegram.times_written_to(
            person.item
        )


class RehearsalStage:
    """The real adapters on the rehearsal server, whose journal tells what it executed."""

    def __init__(self, rehearsal: Rehearsal, journal: Path) -> None:
        self.server = rehearsal.server
        self.rehearsal = rehearsal
        self._journal = journal
        self.world = rehearsal.world
        self.vault = MemoryVault(CREDENTIALS)
        address = ServerAddress("127.0.0.1", rehearsal.port, rehearsal.key_path)
        self.factory = ClientFactory(address, limits=LIMITS)
        self.gateway = TelethonGateway(self.factory, self.vault)
        self.logins = TelethonLoginGateway(self.factory, self.vault)
        self._phones = iter(range(79_000_000_000, 79_000_001_000))

    def account(
        self,
        account_id: int | None,
        username: str,
        *,
        phone: str | None = None,
        first_name: str | None = None,
        password: str | None = None,
    ) -> Someone:
        account = self.world.account(
            phone or f"+{next(self._phones)}",
            first_name or username,
            username=username,
            password=password,
        )
        if account_id is not None:
            session = StringSession.save(self.rehearsal.session(account))
            self.vault._sessions[account_id] = session
        return Someone(account, account.id)

    def person(
        self,
        username: str | None = None,
        *,
        phone: str | None = None,
        on_invite: OutcomeCode | None = None,
        on_message: OutcomeCode | None = None,
        joins: bool = True,
        findable_by_phone: bool = True,
    ) -> Someone:
        conduct = Conduct(found_by_phone=findable_by_phone)
        if on_invite is not None:
            conduct = replace(conduct, behaviour=_ON_INVITE[on_invite])
        elif not joins:
            conduct = replace(conduct, behaviour=Behaviour.SILENT_NO_ADD)
        if on_message is not None:
            conduct = replace(conduct, reception=_ON_MESSAGE[on_message], stars=10)
        person = self.world.person(username, phone=phone, behaviour=conduct)
        return Someone(person, person.id)

    def chat(
        self,
        title: str,
        creator: Someone,
        *,
        kind: ChatKind = ChatKind.SUPERGROUP,
        username: str | None = None,
        link: str | None = None,
    ) -> Any:
        if kind is ChatKind.BASIC_GROUP:
            return self.world.basic_group(title, creator.item, link=link)
        add = self.world.channel if kind is ChatKind.CHANNEL else self.world.supergroup
        return add(title, creator.item, username=username, link=link)

    def seat(self, chat: Any, member: Someone, *, may_invite: bool | None = None) -> None:
        rights = {None: None, True: INVITE, False: frozenset({"ban_users"})}[may_invite]
        self.world.seat(chat, member.item, rights)

    def script(self, account_id: int, method: str, code: OutcomeCode) -> None:
        self.server.script(METHODS[method], _ERRORS[code])

    def drop(self, account_id: int, method: str, when: When) -> None:
        self.server.script(METHODS[method], Drop(when))

    async def go_offline(self) -> None:
        await self.server.stop()
        while any(m.is_connected for m in self.gateway._messengers.values()):  # noqa: ASYNC110 - clients notice by themselves and tell nobody
            await asyncio.sleep(0.001)

    async def reconnect(self) -> None:
        await self.gateway.close()
        self.gateway = TelethonGateway(self.factory, self.vault)

    def end_sessions(self, account_id: int, account: Someone) -> None:
        self.server.end_sessions(account.item)

    def freeze(self, account: Someone) -> None:
        self.world.standings.freeze(account.item)

    def write_to(self, account_id: int, account: Someone, person: Someone, text: str) -> None:
        self.world.acts.write(person.item, account.item, text)

    def rewrite(self, account_id: int, account: Someone, person: Someone, text: str) -> None:
        mailbox = account.item.mailbox
        letters = itertools.takewhile(bool, map(mailbox.letter, itertools.count(1)))
        *_, letter = (each for each in letters if each.peer_id == person.user_id)
        mailbox.edit(letter, letter.content._replace(text=text), int(self.world.now()))

    def use_link(self, person: Someone, link: str) -> bool:
        return self.world.acts.join_by_link(person.item, link)

    def migrate(self, group: Any) -> Any:
        return self.world.story.migrate(group)

    def forget_link(self, chat: Any, link: str) -> None:
        made = next(each for each in chat.links.values() if each.address == link)
        self.world.story.delete_link(chat, made, made.admin_id)

    def leave(self, chat: Any, person: Someone) -> None:
        self.world.story.leave(chat, person.user_id)

    def member_ids(self, chat: Any) -> set[int]:
        return set(self.world.member_ids(chat))

    def times_contacted(self, person: Someone) -> int:
        return sum(_concerns(entry, person.user_id) for entry in self.executed())

    def executed(self) -> list[dict[str, Any]]:
        """Return the journal's lines."""
        return [json.loads(line) for line in self._journal.read_text("utf-8").splitlines()]


def _concerns(entry: dict[str, Any], user_id: int) -> bool:
    """Return whether a line of the journal is an invitation of, or a message to, somebody."""
    if entry["method"] in {"messages.sendMessage", "messages.sendMedia"}:
        return bool(entry["to"]["id"] == user_id)
    effects = {"added", "silent"}
    return any(u["id"] == user_id and u["result"] in effects for u in entry.get("users", ()))


def calm_world() -> World:
    """Return an empty world in which everybody is willing and nobody is born unasked."""
    return World(mix=CALM)


async def messenger_of(stage: Stage, account_id: int = 1) -> Messenger:
    """Open an account that must open."""
    messenger = await stage.gateway.open(account_id)
    assert not isinstance(messenger, Outcome), messenger
    return messenger


async def found(messenger: Messenger, keys: PersonKeys) -> UserPeer:
    """Look somebody up who must be found."""
    answer = await messenger.look_up(keys)
    assert isinstance(answer, FoundUser), answer
    return answer.peer


async def seen(messenger: Messenger, address: ChatAddress) -> ChatPeer:
    """Look at a chat in which the account must be."""
    sight = await messenger.see_chat(address)
    assert not isinstance(sight, Outcome), sight
    assert sight.peer is not None
    return sight.peer
