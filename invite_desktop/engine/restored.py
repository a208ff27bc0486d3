"""A restored backup sends nothing before the user says so and Telegram was asked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.words import words_for
from invite_desktop.engine.events import RestoreConfirmed
from invite_desktop.engine.ports.restores import FoundMessage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from invite_desktop.domain.accounts import Account
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.restores import Restore, RestoreStore
    from invite_desktop.engine.ports.telegram import Messenger, PeoplePage
    from invite_desktop.engine.setup import Ports

CLOCKS_APART = timedelta(minutes=10)
"""So far may this computer's clock be ahead of Telegram's, by which messages are dated."""

SENDING_IS_OFF = message("A backup was restored, and sending is off until you confirm it.")

_MESSAGES_TO_LOOK_AT = 100
_CANNOT_BE_ASKED = frozenset({AccountState.BANNED})
_LOST = frozenset({OutcomeCode.BANNED, OutcomeCode.FROZEN})


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found before sending went on: messages the backup may not know, and to how many."""

    messages: int
    people: int


async def require_confirmed(restores: RestoreStore) -> None:
    """Raise KnownError while sending is off because a backup was restored."""
    if await restores.unconfirmed() is not None:
        raise KnownError(
            SENDING_IS_OFF,
            message("Confirm it in “Backups…” in the menu; what was sent is looked up first."),
        )


class RestoredGuard:
    """Keeps a restored database quiet; ``go`` starts the work that it held back."""

    def __init__(
        self,
        ports: Ports,
        accounts: AccountStates,
        bus: EventBus,
        go: Callable[[], Awaitable[None]],
    ) -> None:
        self._ports = ports
        self._accounts = accounts
        self._bus = bus
        self._go = go

    async def unconfirmed(self) -> Restore | None:
        """Return the restore because of which sending is off, None when it is not."""
        return await self._ports.restores.unconfirmed()

    async def confirm(self) -> Settled:
        """Look up what the accounts wrote after the backup, then let them send again.

        Raises KnownError, with sending still off, when an account cannot be asked now.
        """
        restore = await self.unconfirmed()
        if restore is None:
            return Settled(0, 0)
        found: list[FoundMessage] = []
        for account in self._accounts.all():
            if account.state not in _CANNOT_BE_ASKED:
                found += await self._look(account, restore)
        await self._ports.restores.confirm(self._ports.clock.now())
        self._bus.publish(RestoreConfirmed())
        await self._go()
        return Settled(len(found), len({item.peer.user_id for item in found}))

    async def _look(self, account: Account, restore: Restore) -> list[FoundMessage]:
        """Return what an account wrote after the backup, to anybody."""
        messenger = await self._ports.gateway.open(account.id)
        if isinstance(messenger, Outcome):
            await self._give_up(account, messenger)
            return []
        since = restore.since - CLOCKS_APART
        found: list[FoundMessage] = []
        page: str | None = ""
        while page is not None:
            people = await messenger.dialog_people(page)
            if isinstance(people, Outcome):
                await self._give_up(account, people)
                return found
            found += await self._read(account, messenger, people, since)
            older = people.oldest is not None and people.oldest < since
            page = None if older else people.next_page
        return found

    async def _read(
        self, account: Account, messenger: Messenger, page: PeoplePage, since: datetime
    ) -> list[FoundMessage]:
        found: list[FoundMessage] = []
        for peer in (
            person.peer for person in page.people if not (person.is_bot or person.is_self)
        ):
            own = await messenger.own_messages(peer, _MESSAGES_TO_LOOK_AT)
            if isinstance(own, Outcome):
                if own.is_about_account:
                    await self._give_up(account, own)
                continue
            found += [
                FoundMessage(account.id, peer, item.sent_at, digest_of(item.text))
                for item in own
                if item.sent_at >= since
            ]
        await self._ports.restores.keep_found(found)
        return found

    async def _give_up(self, account: Account, trouble: Outcome) -> None:
        """Pass over an account that is lost for good. Raises KnownError for every other one."""
        await self._accounts.suffer(account.id, trouble)
        if trouble.code in _LOST:
            return
        raise KnownError(
            message(
                "{account} cannot be asked what it has sent since the backup: {trouble}.",
                account=account.profile.label,
                trouble=words_for(trouble.code),
            ),
            message(
                "Sending stays off. Try again later; log the account in again, "
                "or remove it if it is not needed any more."
            ),
        )


def digest_of(text: str) -> str:
    """Return what tells one message from another without keeping its words."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EarlierMessage:
    """How a target ends without a call, and the message that is the reason."""

    outcome: Outcome
    message: FoundMessage


async def earlier_message(
    restores: RestoreStore, user_id: int, task: InviteTask, text: str
) -> EarlierMessage | None:
    """Return what a restored ledger has forgotten of a person; None when she may be written to.

    The same words count as sent. Other words, found for a task that the backup knows, may be those
    of this task before its text or her data changed: then nobody can know.
    """
    if (restore := await restores.last()) is None:
        return None
    found = await restores.found(user_id)
    for item in found:
        if item.digest == digest_of(text):
            return EarlierMessage(Outcome(OutcomeCode.SENT), item)
    if found and task.id <= restore.last_task:
        return EarlierMessage(Outcome(OutcomeCode.UNCERTAIN), found[-1])
    return None
