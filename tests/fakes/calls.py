"""Calls to the little Telegram: recorded, scripted, held and cut off wherever a test wants."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from invite_desktop.domain.chats import ChatKind
from invite_desktop.domain.outcomes import Outcome, OutcomeCode
from invite_desktop.engine.ports.telegram import ChatPeer, TelegramPerson, UserPeer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tests.fakes.telegram_world import FakeChat, FakePerson, FakeTelegram


T = TypeVar("T")

CONTACTING_METHODS = frozenset({"invite", "send_message"})


@dataclass(frozen=True)
class RecordedCall:
    """One call that reached Telegram (calls made without a connection do not)."""

    account_id: int
    method: str
    arguments: tuple[object, ...]
    at: datetime


class HeldCall:
    """A point inside a future call at which it stops until it is released or cancelled."""

    def __init__(self) -> None:
        self._reached = asyncio.Event()
        self._released = asyncio.Event()

    async def reached(self) -> None:
        """Wait until the call has come to this point."""
        await self._reached.wait()

    def release(self) -> None:
        """Let the call go on."""
        self._released.set()

    async def stop_here(self) -> None:
        self._reached.set()
        await self._released.wait()


class FakeCalls:
    """The calls of one account, which a test may decide, stop or break; its addresses of others."""

    def __init__(self, telegram: FakeTelegram, account_id: int, me: FakePerson) -> None:
        self.telegram = telegram
        self.account_id = account_id
        self.me = me
        self.connected = True
        self.calls: list[RecordedCall] = []
        self._scripts: dict[str, deque[Outcome | None]] = defaultdict(deque)
        self._holds: dict[tuple[str, bool], deque[HeldCall]] = defaultdict(deque)
        self._drops: dict[str, deque[bool]] = defaultdict(deque)

    def script(self, method: str, *outcomes: Outcome | None) -> None:
        """Decide how the next calls of a method end, without effect; None = as usual."""
        self._scripts[method].extend(outcomes)

    def hold(self, method: str, *, after_effect: bool = False) -> HeldCall:
        """Stop the next call of a method before (or after) Telegram has acted on it."""
        held = HeldCall()
        self._holds[method, after_effect].append(held)
        return held

    def drop(self, method: str, *, after_effect: bool = False) -> None:
        """Lose the connection inside the next call, before or after Telegram acts on it."""
        self._drops[method].append(after_effect)

    def calls_of(self, method: str) -> list[RecordedCall]:
        """Return the recorded calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    def user_peer(self, person: FakePerson) -> UserPeer:
        """Return a person as this account addresses her."""
        return UserPeer(person.user_id, self._hash(person.user_id))

    def chat_peer(self, chat: FakeChat) -> ChatPeer:
        """Return a chat as this account addresses it."""
        basic = chat.kind is ChatKind.BASIC_GROUP
        return ChatPeer(chat.chat_id, 0 if basic else self._hash(chat.chat_id), chat.kind)

    async def _call(
        self, method: str, arguments: tuple[object, ...], act: Callable[[], T]
    ) -> T | Outcome:
        if not (self.connected and self.telegram.online):
            return Outcome(OutcomeCode.NOT_CONNECTED, detail="ConnectionError")
        moment = self.telegram.now()
        self.calls.append(RecordedCall(self.account_id, method, arguments, moment))
        await self._pass_hold(method, after_effect=False)
        dropped_after = self._drops[method].popleft() if self._drops[method] else None
        if dropped_after is False:
            return _cut_off(method)
        answer = self._answer(method, act)
        await self._pass_hold(method, after_effect=True)
        return _cut_off(method) if dropped_after else answer

    def _answer(self, method: str, act: Callable[[], T]) -> T | Outcome:
        if self.me.account_trouble is not None:
            return Outcome(self.me.account_trouble, detail=f"Fake{self.me.account_trouble}")
        scripted = self._scripts[method].popleft() if self._scripts[method] else None
        return act() if scripted is None else scripted

    async def _pass_hold(self, method: str, *, after_effect: bool) -> None:
        if waiting := self._holds[method, after_effect]:
            await waiting.popleft().stop_here()
        else:
            await asyncio.sleep(0)

    def _hash(self, item_id: int) -> int:
        """Return an access hash that is of no use to any other account."""
        return item_id * 7_919 + self.me.user_id

    def _person(self, user: UserPeer) -> FakePerson | None:
        known = user.access_hash == self._hash(user.user_id)
        return self.telegram.people.get(user.user_id) if known else None

    def _chat(self, chat: ChatPeer) -> FakeChat | None:
        found = self.telegram.chats.get(chat.chat_id)
        return found if found and self.chat_peer(found) == chat else None

    def _met(self, person: FakePerson) -> TelegramPerson:
        return TelegramPerson(
            self.user_peer(person),
            person.username,
            person.phone,
            person.first_name,
            is_bot=person.is_bot,
            is_deleted=person.is_deleted,
            is_self=person is self.me,
        )


def _cut_off(method: str) -> Outcome:
    """Return what a lost answer means: a contacting call may have had effect."""
    contacting = method in CONTACTING_METHODS
    code = OutcomeCode.UNCERTAIN if contacting else OutcomeCode.NOT_CONNECTED
    return Outcome(code, detail="ConnectionError")
