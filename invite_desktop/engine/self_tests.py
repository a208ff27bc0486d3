"""A message to oneself, to see it in Telegram before anybody gets it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.domain.templates import longest_text, personal_message
from invite_desktop.domain.words import words_for
from invite_desktop.engine.message_files import inspect_file
from invite_desktop.engine.restored import require_confirmed

if TYPE_CHECKING:
    from invite_desktop.domain.people import Person
    from invite_desktop.engine.account_states import AccountStates
    from invite_desktop.engine.account_turns import AccountTurns
    from invite_desktop.engine.ports.telegram import Messenger
    from invite_desktop.engine.setup import Ports


@dataclass(frozen=True, slots=True)
class TrialMessage:
    """A message as ``person`` would get it; ``text`` ends with the line on how to stop."""

    text: str
    person: Person
    link_preview: bool = True
    attachment: str = ""


class SelfTests:
    """Writes to an account's own “Saved Messages”: it contacts nobody and costs no budget."""

    def __init__(self, ports: Ports, accounts: AccountStates, turns: AccountTurns) -> None:
        self._ports = ports
        self._accounts = accounts
        self._turns = turns

    async def send(self, account_id: int, test: TrialMessage) -> None:
        """Send a message from an account to itself. Raises KnownError when it did not arrive."""
        await require_confirmed(self._ports.restores)
        account = self._accounts.find(account_id)
        if account is None or not account.is_ready(self._ports.clock.now()):
            raise KnownError(
                message("This account is not ready now."),
                message("See on the Accounts tab what keeps it, or choose another one."),
            )
        async with self._turns.turn(account_id):
            messenger = await self._ports.gateway.open(account_id)
            outcome = (
                messenger if isinstance(messenger, Outcome) else await self._write(messenger, test)
            )
        if outcome.code is not OutcomeCode.SENT:
            if outcome.is_about_account:
                await self._accounts.suffer(account_id, outcome)
            raise KnownError(
                message("The test message was not sent: {reason}.", reason=words_for(outcome.code))
            )

    async def _write(self, messenger: Messenger, test: TrialMessage) -> Outcome:
        letter = personal_message(test.text, test.person, longest_text(test.attachment))
        file = None
        if test.attachment:
            uploaded = await messenger.upload(await inspect_file(test.attachment))
            if isinstance(uploaded, Outcome):
                return uploaded
            file = uploaded
        myself = await messenger.own_peer()
        if isinstance(myself, Outcome):
            return myself
        return await messenger.send_message(
            myself,
            letter.text,
            secrets.randbits(63),
            entities=letter.entities,
            link_preview=test.link_preview,
            file=file,
        )
