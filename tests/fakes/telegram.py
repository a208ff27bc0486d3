"""The Telegram ports in memory, scriptable and interruptible at any point of a call.

telegram = FakeTelegram(clock)
anna = telegram.add_person("anna_owner", phone="+79000000001")
chat = telegram.add_chat("Football", [anna], username="football")
gateway = FakeGateway(telegram)
gateway.log_in(1, anna)
messenger = gateway.messengers[1]
messenger.script("invite", Outcome(OutcomeCode.FLOOD_WAIT, 30), None)   # None = as usual
held = messenger.hold("invite", after_effect=True)
...; await held.reached(); ...; held.release()
messenger.drop("invite", after_effect=True)    # the connection dies inside the next call
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from tests.fakes.calls import RecordedCall
from tests.fakes.logins import FakeLogin, FakeLoginGateway
from tests.fakes.messenger import FakeMessenger
from tests.fakes.telegram_world import FakeChat, FakePerson, FakeTelegram
from tests.fakes.vault import FakeVault

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.engine.ports.telegram import ChatLookUps

__all__ = [
    "FakeChat",
    "FakeGateway",
    "FakeLogin",
    "FakeLoginGateway",
    "FakeMessenger",
    "FakePerson",
    "FakeTelegram",
    "RecordedCall",
]


class FakeGateway:
    """Implements TelegramGateway: one FakeMessenger an account, sessions in a FakeVault."""

    def __init__(self, telegram: FakeTelegram, vault: FakeVault | None = None) -> None:
        self.telegram = telegram
        self.vault = vault or FakeVault()
        self.messengers: dict[int, FakeMessenger] = {}
        self.opened: list[int] = []
        self.ended_sessions: set[str] = set()
        self.closed = False
        self._heard: Callable[[int], None] = lambda _account_id: None
        self._look_ups: ChatLookUps | None = None

    def log_in(self, account_id: int, person: FakePerson) -> FakeMessenger:
        """Give an account a session, as a finished log-in does; return its messenger."""
        self.vault.sessions[account_id] = f"session-of-{person.user_id}"
        return self.messenger(account_id, person)

    def messenger(self, account_id: int, person: FakePerson) -> FakeMessenger:
        """Return the one messenger of an account."""
        known = self.messengers.get(account_id)
        if known is None or known.me is not person:
            messenger = self.messengers[account_id] = FakeMessenger(
                self.telegram, account_id, person
            )
            messenger.ring = self._ring
            messenger.look_ups = lambda: self._look_ups
        return self.messengers[account_id]

    def end_session(self, account_id: int) -> None:
        """End a session from Telegram's side, as "log out everywhere" does."""
        self.ended_sessions.add(self.vault.sessions[account_id])
        self.messengers[account_id].me.account_trouble = OutcomeCode.LOGGED_OUT

    def listen(self, heard: Callable[[int], None]) -> None:
        self._heard = heard

    def ration(self, look_ups: ChatLookUps) -> None:
        self._look_ups = look_ups

    def _ring(self, account_id: int) -> None:
        self._heard(account_id)

    async def open(self, account_id: int) -> FakeMessenger | Outcome:
        self.opened.append(account_id)
        session = await self.vault.session(account_id)
        if session is None:
            return Outcome(OutcomeCode.LOGGED_OUT, detail="NoSession")
        if not self.telegram.online:
            return Outcome(OutcomeCode.NOT_CONNECTED, detail="ConnectionError")
        if session in self.ended_sessions:
            return Outcome(OutcomeCode.LOGGED_OUT, detail="AuthKeyUnregisteredError")
        messenger = self.messenger(account_id, self._owner(session))
        messenger.connected = True
        return messenger

    async def log_out(self, account_id: int) -> None:
        if (session := await self.vault.session(account_id)) is not None:
            self.ended_sessions.add(session)
        await self.vault.forget_session(account_id)
        if account_id in self.messengers:
            self.messengers[account_id].connected = False

    async def close(self) -> None:
        self.closed = True
        for messenger in self.messengers.values():
            messenger.connected = False

    def _owner(self, session: str) -> FakePerson:
        return self.telegram.people[int(session.removeprefix("session-of-"))]
