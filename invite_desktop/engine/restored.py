"""A restored backup sends nothing before the user says so and Telegram was asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from invite_desktop.domain.accounts import AccountState
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.words import words_for
from invite_desktop.engine.earlier_contacts import digest_of
from invite_desktop.engine.events import RestoreConfirmed
from invite_desktop.engine.forgotten_invitations import ForgottenInvitations
from invite_desktop.engine.ports.restores import FoundMessage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.accounts import Account
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.forgotten_invitations import DoubtfulTask
    from invite_desktop.engine.ports.restores import Restore, RestoreStore
    from invite_desktop.engine.ports.telegram import Messenger, PeoplePage
    from invite_desktop.engine.setup import Ports

    Decide = Callable[[Sequence[DoubtfulTask]], Awaitable[bool]]

CLOCKS_APART = timedelta(minutes=10)
"""So far may this computer's clock be ahead of Telegram's, by which messages are dated."""

SENDING_IS_OFF = message("A backup was restored, and sending is off until you confirm it.")

_MESSAGES_TO_LOOK_AT = 100
_CANNOT_BE_ASKED = frozenset({AccountState.BANNED})
_LOST = frozenset({OutcomeCode.BANNED, OutcomeCode.FROZEN})


@dataclass(frozen=True, slots=True)
class Settled:
    """What was found before sending went on, of which the backup may not know.

    ``messages``, to so many ``people``; ``invited``: people whom the accounts have added to chats;
    ``doubtful``: people left as uncertain, because nobody knows whether they were invited.
    """

    messages: int
    people: int
    invited: int = 0
    doubtful: int = 0


async def leave_uncertain(tasks: Sequence[DoubtfulTask]) -> bool:
    """Invite nobody who may have been invited before; the user may still do so by a retry."""
    del tasks
    return False


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

    async def confirm(self, decide: Decide = leave_uncertain) -> Settled:
        """Look up what the accounts did after the backup, then let them send again.

        Telegram remembers invitations for two days only: ``decide`` is asked about tasks of which
        it cannot tell any more whom they have invited. After a no their people are uncertain.
        Raises KnownError, with sending still off, when an account cannot be asked now.
        """
        restore = await self.unconfirmed()
        if restore is None:
            return Settled(0, 0)
        own = {account.profile.telegram_id: account.id for account in self._accounts.all()}
        invitations = ForgottenInvitations(self._ports, own, restore.since - CLOCKS_APART)
        found: list[FoundMessage] = []
        for account in self._accounts.all():
            if account.state not in _CANNOT_BE_ASKED:
                found += await self._look(account, restore, invitations)
        doubtful = await invitations.doubtful(restore)
        if doubtful and await decide(doubtful):
            doubtful = ()
        now = self._ports.clock.now()
        await self._ports.restores.confirm(now, [task.task_id for task in doubtful])
        self._bus.publish(RestoreConfirmed())
        await self._go()
        return Settled(
            len(found),
            len({item.peer.user_id for item in found}),
            len(invitations.people),
            sum(task.people for task in doubtful),
        )

    async def _look(
        self, account: Account, restore: Restore, invitations: ForgottenInvitations
    ) -> list[FoundMessage]:
        """Return what an account wrote after the backup, to anybody; read its chats too."""
        messenger = await self._ports.gateway.open(account.id)
        if isinstance(messenger, Outcome):
            await self._give_up(account, messenger)
            return []
        trouble = await invitations.read(messenger)
        if trouble is not None:
            await self._give_up(account, trouble)
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
