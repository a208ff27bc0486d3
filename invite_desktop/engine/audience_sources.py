"""People whom the user's own accounts know, as audiences."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis, Origin
from invite_desktop.domain.chats import AddressKind, ChatAddress, ChatKind, Standing
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome
from invite_desktop.domain.people import PersonKeys, parse_username
from invite_desktop.engine.events import AudiencesChanged, ImportAdvanced
from invite_desktop.engine.patient_reader import PatientReader
from invite_desktop.engine.ports.fetched_people import ChatOfMembers, PeopleList
from invite_desktop.engine.ports.files import PersonRow
from invite_desktop.engine.ports.stores import NewImport
from invite_desktop.engine.ports.telegram import PeoplePage
from invite_desktop.engine.undivided import undivided
from invite_desktop.engine.views import AdministeredChat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.chats import ChatInfo
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.imports import Imports
    from invite_desktop.engine.ports.fetched_people import UnfinishedFetch
    from invite_desktop.engine.ports.telegram import ChatPeer, ChatSight, Messenger, TelegramPerson
    from invite_desktop.engine.setup import Ports

    PageReader = Callable[[Messenger, str], Awaitable[PeoplePage | Outcome]]

_PEERS_AT_ONCE = 500
_ACCOUNTS_AT_ONCE = 10


class AudienceSources:
    """Imports from Telegram: only what the accounts administer, or whom they know themselves.

    Every page is kept as soon as it is here. An import that was cut off, by the network, a
    cancellation or the end of the program, goes on after its last page when it is begun again or
    taken up with ``go_on``. Until the last page is here there is no audience.
    """

    def __init__(
        self,
        ports: Ports,
        imports: Imports,
        accounts: AccountStates,
        turns: AccountTurns,
        bus: EventBus,
        namer: Callable[[Message], str],
    ) -> None:
        self._ports = ports
        self._imports = imports
        self._accounts = accounts
        self._bus = bus
        self._namer = namer
        self._turns = turns
        self._reader = PatientReader(ports, accounts, turns, bus)

    async def administered_chats(self) -> Sequence[AdministeredChat]:
        """Return the chats that the accounts which are ready now administer.

        All accounts are asked at the same time, a few at once.
        """
        limit, now = asyncio.Semaphore(_ACCOUNTS_AT_ONCE), self._ports.clock.now()

        async def ask(account: Account) -> list[AdministeredChat]:
            async with limit:
                return await self._administered_by(account)

        ready = [account for account in self._accounts.all() if account.is_ready(now)]
        return [chat for chats in await asyncio.gather(*map(ask, ready)) for chat in chats]

    async def _administered_by(self, account: Account) -> list[AdministeredChat]:
        messenger = await self._ports.gateway.open(account.id)
        if isinstance(messenger, Outcome):
            return []
        chats = await messenger.administered_chats()
        if isinstance(chats, Outcome):
            return []
        return [AdministeredChat(account, chat) for chat in chats]

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
        members_of = ChatOfMembers(chat.chat_id, chat.title, chat.kind)
        return await self._begin(PeopleList(account_id, Origin.CHAT, members_of), basis, name)

    async def import_dialogs(
        self, account_id: int, basis: Basis = Basis.WROTE_TO_ME, name: str = ""
    ) -> ImportReport:
        """Import the people with whom the account has dialogues. Raises KnownError."""
        return await self._begin(PeopleList(account_id, Origin.DIALOGS), basis, name)

    async def import_contacts(
        self, account_id: int, basis: Basis = Basis.CUSTOMERS, name: str = ""
    ) -> ImportReport:
        """Import the account's own contacts. Raises KnownError."""
        return await self._begin(PeopleList(account_id, Origin.CONTACTS), basis, name)

    async def unfinished(self) -> Sequence[UnfinishedFetch]:
        """Return the imports that were cut off, the latest first."""
        return await self._ports.fetches.unfinished()

    async def go_on(self, fetch_id: int) -> ImportReport:
        """Take up an import that was cut off, after its last page. Raises KnownError."""
        for fetch in await self.unfinished():
            if fetch.id == fetch_id:
                return await self._import(fetch.of, fetch.basis, fetch.name)
        raise KnownError(message("This import is no longer here."))

    async def drop(self, fetch_id: int) -> None:
        """Forget an import that was cut off, with everything it has read."""
        await self._ports.fetches.drop(fetch_id)

    def name_of(self, people: PeopleList) -> str:
        """Return what an audience of a list is called unless the user says otherwise."""
        account = self._accounts.get(people.account_id).profile.label
        if people.chat is not None:
            named = message("Members of “{chat}”", chat=people.chat.title)
        elif people.origin is Origin.DIALOGS:
            named = message("Dialogues of {account}", account=account)
        else:
            named = message("Contacts of {account}", account=account)
        return self._namer(named)

    async def _begin(self, people: PeopleList, basis: Basis, name: str) -> ImportReport:
        return await self._import(people, basis, name.strip() or self.name_of(people))

    async def _import(self, people: PeopleList, basis: Basis, name: str) -> ImportReport:
        with self._turns.reading(people.account_id, name):
            fetch = await self._fetch(people, basis, name)
        everybody = await self._ports.fetches.people(fetch.id)
        if not everybody:
            await self.drop(fetch.id)
            raise KnownError(message("There is nobody in this list."))
        report = await self._keep(replace(fetch, name=name, basis=basis), everybody)
        await undivided(self.drop(fetch.id))
        return report

    async def _fetch(self, people: PeopleList, basis: Basis, name: str) -> UnfinishedFetch:
        """Read a list to its end; nobody is kept twice, nor bots or the account itself."""
        fetch = next((f for f in await self.unfinished() if f.of.is_same_as(people)), None)
        if fetch is not None:
            self._bus.publish(ImportAdvanced(fetch.people))
            if fetch.next_page is None:
                return fetch
        read = await self._reader_of(people)
        while fetch is None or fetch.next_page is not None:
            at = "" if fetch is None else fetch.next_page or ""
            page = await self._reader.ask(people.account_id, _at(read, at))
            humans = [p for p in page.people if not (p.is_bot or p.is_deleted or p.is_self)]
            fetch = await self._ports.fetches.keep(
                people, name, basis, replace(page, people=humans), self._ports.clock.now()
            )
            self._bus.publish(ImportAdvanced(fetch.people))
        return fetch

    async def _reader_of(self, people: PeopleList) -> PageReader:
        """Return what reads a page of a list. Raises KnownError for a chat of other people."""
        if people.chat is not None:
            peer = await self._peer_of(people.account_id, people.chat)

            async def members(messenger: Messenger, at: str) -> PeoplePage | Outcome:
                return await messenger.member_page(peer, at)

            return members
        return _dialogs if people.origin is Origin.DIALOGS else _contacts

    async def _peer_of(self, account_id: int, chat: ChatOfMembers) -> ChatPeer:
        basic = chat.kind is ChatKind.BASIC_GROUP
        kind = AddressKind.BASIC_GROUP_ID if basic else AddressKind.CHANNEL_ID
        address = ChatAddress(kind, str(chat.chat_id))

        async def look(messenger: Messenger) -> ChatSight | Outcome:
            return await messenger.see_chat(address)

        sight = await self._reader.ask(account_id, look)
        admin = (Standing.READY_ADMIN, Standing.ADMIN_WITHOUT_INVITE_RIGHT)
        if sight.standing not in admin or sight.peer is None:
            account = self._accounts.get(account_id).profile.label
            raise KnownError(
                message(
                    "{account} does not administer “{chat}”.", account=account, chat=chat.title
                ),
                message("Only members of chats that your accounts administer can be imported."),
            )
        return sight.peer

    async def _keep(self, fetch: UnfinishedFetch, people: Sequence[TelegramPerson]) -> ImportReport:
        """Store the people as an audience, and how the account addresses each of them."""
        account_id, origin = fetch.of.account_id, fetch.of.origin
        new = NewImport(
            audience_name=fetch.name,
            basis=fetch.basis,
            source=fetch.name,
            files=(),
            fingerprint=f"{origin.value}:{account_id}:{fetch.name}:{fetch.basis.value}",
            at=self._ports.clock.now(),
            origin=origin,
        )
        report = await self._imports.store(new, [_row(n, p) for n, p in enumerate(people, 1)])
        for first in range(0, len(people), _PEERS_AT_ONCE):
            peers = [person.peer for person in people[first : first + _PEERS_AT_ONCE]]
            await self._ports.audiences.keep_met(account_id, peers)
        self._bus.publish(AudiencesChanged())
        return report


async def _dialogs(messenger: Messenger, at: str) -> PeoplePage | Outcome:
    return await messenger.dialog_people(at)


async def _contacts(messenger: Messenger, at: str) -> PeoplePage | Outcome:
    del at
    answer = await messenger.contacts()
    return answer if isinstance(answer, Outcome) else PeoplePage(answer)


def _at(read: PageReader, at: str) -> Callable[[Messenger], Awaitable[PeoplePage | Outcome]]:
    return lambda messenger: read(messenger, at)


def _row(number: int, person: TelegramPerson) -> PersonRow:
    username = parse_username(person.username or "")
    return PersonRow(
        number,
        PersonKeys(username, person.phone, person.peer.user_id),
        first_name=person.first_name,
        last_name=person.last_name,
    )
