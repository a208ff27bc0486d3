"""People whom the user's own accounts know, as audiences."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind, Standing
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import AccountEffect, Outcome, OutcomeCode
from invite_desktop.domain.people import PersonKeys, parse_username
from invite_desktop.domain.words import words_for
from invite_desktop.engine.back_off import BackOff
from invite_desktop.engine.events import AudiencesChanged, ImportAdvanced, ImportWaiting
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.engine.ports.telegram import PeoplePage
from invite_desktop.engine.views import AdministeredChat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.imports import Imports
    from invite_desktop.engine.ports.telegram import ChatPeer, ChatSight, Messenger, TelegramPerson
    from invite_desktop.engine.setup import Ports

_T = TypeVar("_T")

_MOST_TRIES = 6
"""How often an account that cannot reach Telegram is tried before the import gives up."""

_PEERS_AT_ONCE = 500


class AudienceSources:
    """Imports from Telegram: only what the accounts administer, or whom they know themselves."""

    def __init__(
        self,
        ports: Ports,
        imports: Imports,
        accounts: AccountStates,
        bus: EventBus,
        namer: Callable[[Message], str],
    ) -> None:
        self._ports = ports
        self._imports = imports
        self._accounts = accounts
        self._bus = bus
        self._namer = namer

    async def administered_chats(self) -> Sequence[AdministeredChat]:
        """Return the chats that the accounts which are ready now administer."""
        found: list[AdministeredChat] = []
        now = self._ports.clock.now()
        for account in self._accounts.all():
            if not account.is_ready(now):
                continue
            messenger = await self._ports.gateway.open(account.id)
            if isinstance(messenger, Outcome):
                continue
            chats = await messenger.administered_chats()
            if not isinstance(chats, Outcome):
                found += [AdministeredChat(account, chat) for chat in chats]
        return found

    async def import_members(
        self,
        account_id: int,
        chat: ChatInfo,
        basis: Basis = Basis.CHAT_MEMBERS,
        name: str = "",
    ) -> ImportReport:
        """Import the members of a chat that the account administers.

        A flood wait is waited out, and reading goes on where it stopped. Raises KnownError when
        the account is no administrator there, or cannot go on.
        """
        peer = await self._peer_of(account_id, chat)

        async def page(messenger: Messenger, at: str) -> PeoplePage | Outcome:
            return await messenger.member_page(peer, at)

        people = await self._gather(account_id, page)
        title = self._namer(message("Members of “{chat}”", chat=chat.title))
        return await self._keep(account_id, people, (name.strip() or title, basis, Origin.CHAT))

    async def import_dialogs(
        self, account_id: int, basis: Basis = Basis.WROTE_TO_ME, name: str = ""
    ) -> ImportReport:
        """Import the people with whom the account has dialogues. Raises KnownError."""

        async def page(messenger: Messenger, at: str) -> PeoplePage | Outcome:
            return await messenger.dialog_people(at)

        people = await self._gather(account_id, page)
        label = self._accounts.get(account_id).profile.label
        title = self._namer(message("Dialogues of {account}", account=label))
        return await self._keep(account_id, people, (name.strip() or title, basis, Origin.DIALOGS))

    async def import_contacts(
        self, account_id: int, basis: Basis = Basis.CUSTOMERS, name: str = ""
    ) -> ImportReport:
        """Import the account's own contacts. Raises KnownError."""

        async def page(messenger: Messenger, at: str) -> PeoplePage | Outcome:
            del at
            answer = await messenger.contacts()
            return answer if isinstance(answer, Outcome) else PeoplePage(answer)

        people = await self._gather(account_id, page)
        label = self._accounts.get(account_id).profile.label
        title = self._namer(message("Contacts of {account}", account=label))
        return await self._keep(account_id, people, (name.strip() or title, basis, Origin.CONTACTS))

    async def _peer_of(self, account_id: int, chat: ChatInfo) -> ChatPeer:
        basic = chat.kind is ChatKind.BASIC_GROUP
        kind = AddressKind.BASIC_GROUP_ID if basic else AddressKind.CHANNEL_ID
        address = ChatAddress(kind, str(chat.chat_id))

        async def look(messenger: Messenger) -> ChatSight | Outcome:
            return await messenger.see_chat(address)

        sight = await self._ask(account_id, look)
        admin = (Standing.READY_ADMIN, Standing.ADMIN_WITHOUT_INVITE_RIGHT)
        if sight.standing not in admin or sight.peer is None:
            raise KnownError(
                message("{account} does not administer “{chat}”.", **self._names(account_id, chat)),
                message("Only members of chats that your accounts administer can be imported."),
            )
        return sight.peer

    def _names(self, account_id: int, chat: ChatInfo) -> dict[str, str]:
        return {"account": self._accounts.get(account_id).profile.label, "chat": chat.title}

    async def _gather(
        self,
        account_id: int,
        read: Callable[[Messenger, str], Awaitable[PeoplePage | Outcome]],
    ) -> list[TelegramPerson]:
        """Return all people of a list, page by page; nobody is taken twice, nor the account."""
        found: dict[int, TelegramPerson] = {}
        at: str | None = ""
        while at is not None:
            page = await self._ask(account_id, _at(read, at))
            for person in page.people:
                if not (person.is_bot or person.is_deleted or person.is_self):
                    found[person.peer.user_id] = person
            self._bus.publish(ImportAdvanced(len(found)))
            at = page.next_page
        return list(found.values())

    async def _ask(
        self, account_id: int, call: Callable[[Messenger], Awaitable[_T | Outcome]]
    ) -> _T:
        """Make a call that only reads, again after a wait where that helps. Raises KnownError."""
        back_off = BackOff(self._ports.clock)
        last = Outcome(OutcomeCode.NOT_CONNECTED)
        for _ in range(_MOST_TRIES):
            messenger = await self._ports.gateway.open(account_id)
            answer = messenger if isinstance(messenger, Outcome) else await call(messenger)
            if not isinstance(answer, Outcome):
                return answer
            last = answer
            await self._accounts.suffer(account_id, answer)
            await self._wait_after(account_id, answer, back_off)
        raise self._given_up(account_id, last)

    async def _wait_after(self, account_id: int, answer: Outcome, back_off: BackOff) -> None:
        """Wait as long as the answer asks for. Raises KnownError when waiting does not help."""
        if answer.code is OutcomeCode.FLOOD_WAIT:
            until = self._accounts.get(account_id).until
        elif answer.rule.account is AccountEffect.BACK_OFF:
            back_off.begin()
            until = back_off.until
        else:
            raise self._given_up(account_id, answer)
        if until is not None:
            self._bus.publish(ImportWaiting(until))
            await self._ports.clock.sleep_until(until)
            await self._accounts.wake(account_id)

    def _given_up(self, account_id: int, answer: Outcome) -> KnownError:
        account = self._accounts.get(account_id)
        return KnownError(
            message(
                "{account} could not read this list: {trouble}.",
                account=account.profile.label,
                trouble=words_for(answer.code),
            ),
            message("Nothing was imported. Try again later, or with another account."),
        )

    async def _keep(
        self,
        account_id: int,
        people: Sequence[TelegramPerson],
        how: tuple[str, Basis, Origin],
    ) -> ImportReport:
        """Store the people as an audience, and how the account addresses each of them."""
        name, basis, origin = how
        new = NewImport(
            audience_name=name,
            basis=basis,
            source=name,
            files=(),
            fingerprint=f"{origin.value}:{account_id}:{name}:{basis.value}",
            at=self._ports.clock.now(),
            origin=origin,
        )
        report = await self._imports.store(new, [_row(n, p) for n, p in enumerate(people, 1)])
        for first in range(0, len(people), _PEERS_AT_ONCE):
            peers = [person.peer for person in people[first : first + _PEERS_AT_ONCE]]
            await self._ports.audiences.keep_met(account_id, peers)
        self._bus.publish(AudiencesChanged())
        return report


def _at(
    read: Callable[[Messenger, str], Awaitable[PeoplePage | Outcome]], at: str
) -> Callable[[Messenger], Awaitable[PeoplePage | Outcome]]:
    return lambda messenger: read(messenger, at)


def _row(number: int, person: TelegramPerson) -> PersonRow:
    username = parse_username(person.username or "")
    return PersonRow(
        number,
        PersonKeys(username, person.phone, person.peer.user_id),
        first_name=person.first_name,
        last_name=person.last_name,
    )
