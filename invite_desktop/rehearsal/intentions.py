"""What people are going to do of themselves: decided when they are touched, done in its time.

An intention is kept in the same line of the state as the letter or the membership that it comes
from, and ends in the same line as what is done: it outlives restarts, and is carried out once.
"""

from __future__ import annotations

from enum import StrEnum
from heapq import heappop, heappush
from typing import TYPE_CHECKING, NamedTuple

from invite_desktop.rehearsal.acts import ImpossibleActError
from invite_desktop.rehearsal.habits import QUIET
from invite_desktop.rehearsal.mailbox import EventKind
from invite_desktop.rehearsal.news import MailNews, PlaceNews
from invite_desktop.rehearsal.people import TELEGRAM_ID
from invite_desktop.rehearsal.population import Behaviour

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from invite_desktop.rehearsal.acts import Acts
    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.news import News
    from invite_desktop.rehearsal.people import Person
    from invite_desktop.rehearsal.state import WorldState

_SILENT = frozenset({Behaviour.BOT, Behaviour.DELETED})
_AT_ONCE = 100


class IntentionKind(StrEnum):
    """What somebody is going to do."""

    READ = "read"
    ANSWER = "answer"
    OPT_OUT = "opt_out"
    LEAVE = "leave"


WRITING = frozenset({IntentionKind.ANSWER, IntentionKind.OPT_OUT})


class Intention(NamedTuple):
    """One thing to be done; ``due`` is unix time of the world.

    ``place_id`` is the account that is written to, or the chat that is left.
    """

    due: int
    kind: str
    person_id: int
    place_id: int
    text: str = ""


class Intentions:
    """Everything that people are going to do, by the time at which they do it.

    ``on_sooner`` is called when something is to be done earlier than all else, ``on_done`` with
    everything that was done, before anybody is told of it.
    """

    def __init__(self, world: WorldState, acts: Acts) -> None:
        self._world = world
        self._acts = acts
        self._habits = world.people.population.mix.habits
        self._pending: dict[int, Intention] = {}
        self._order: list[tuple[int, int]] = []
        self._leaving: set[tuple[int, int]] = set()
        self._last = 0
        self.on_sooner: Callable[[], None] = lambda: None
        self.on_done: Callable[[Intention], None] = lambda _: None
        world.changes.keep(
            {"intention": self._apply_intention, "intention over": self._apply_over}, self._dump
        )
        if self._habits != QUIET:
            world.listen(self._notice)

    def pending(self) -> list[Intention]:
        """Return what is still to be done, in no order."""
        return list(self._pending.values())

    @property
    def next_due(self) -> int | None:
        """Return when the next thing is to be done, None when nothing is."""
        while self._order and self._order[0][1] not in self._pending:
            heappop(self._order)
        return self._order[0][0] if self._order else None

    def carry_out(self, most: int = _AT_ONCE) -> int:
        """Do what is due, at most so many things; return how many were done."""
        for done in range(most):
            due = self.next_due
            if due is None or due > self._world.now():
                return done
            self._carry_out(self._order[0][1])
        return most

    def _carry_out(self, number: int) -> None:
        intention = self._pending[number]
        with self._world.changes:
            self._world.changes.commit("intention over", number)
            try:
                done = self._do(intention)
            except ImpossibleActError:
                return  # Something has come between: she was thrown out, or blocked.
            if done:
                self.on_done(intention)

    def _do(self, intention: Intention) -> bool:
        """Do it; False when who or where it is about is not there any more."""
        person = self._world.people.someone(intention.person_id)
        if intention.kind == IntentionKind.LEAVE:
            chat = self._world.chats.get(intention.place_id)
            if chat is None or person is None:
                return False
            self._acts.leave(person, chat)
            return True
        account = self._world.accounts.get(intention.place_id)
        if account is None or person is None:
            return False
        self._acts.read(person, account)
        if intention.kind in WRITING:
            self._acts.write(person, account, intention.text)
        return True

    # ------------------------------------------------------------------ deciding

    def _notice(self, news: News) -> None:
        if isinstance(news, MailNews) and news.event.kind is EventKind.NEW:
            self._notice_letter(news.owner_id, news.event.ids[0])
        elif isinstance(news, PlaceNews):
            self._notice_place(news)

    def _notice_letter(self, owner_id: int, number: int) -> None:
        mailbox = self._world.accounts[owner_id].mailbox
        letter = mailbox.letter(number)
        if letter is None or not letter.out:
            return
        person = self._stranger(letter.peer_id)
        if person is None:
            return
        count = sum(item.out for item in mailbox.dialogue(person.id))
        name = f"{person.first_name} {person.last_name}"
        drawn = self._world.people.population.reaction(person.key, count, name)
        if drawn is None or not self._is_able(person):
            return
        kind = IntentionKind.OPT_OUT if drawn.opt_out else IntentionKind.ANSWER
        kind = kind if drawn.text else IntentionKind.READ
        self._intend(Intention(letter.sent_at + drawn.after, kind, person.id, owner_id, drawn.text))

    def _notice_place(self, news: PlaceNews) -> None:
        chat, member = news.chat, news.chat.members.get(news.user_id)
        if member is None or member.rights is not None or member.joined_at <= chat.made_at:
            return
        person = self._stranger(news.user_id)
        if person is None or member.promoted_by or (chat.id, person.id) in self._leaving:
            return
        after = self._world.people.population.departure(person.key, chat.id)
        if after is not None and self._is_able(person):
            due = member.joined_at + after
            self._intend(Intention(due, IntentionKind.LEAVE, person.id, chat.id))

    def _stranger(self, person_id: int) -> Person | None:
        """Return who has an id, unless it is an account or Telegram itself."""
        if person_id in self._world.accounts or person_id == TELEGRAM_ID:
            return None
        return self._world.people.someone(person_id)

    def _is_able(self, person: Person) -> bool:
        """Return whether it is somebody who does things of herself."""
        return self._world.people.conduct(person).behaviour not in _SILENT

    # ------------------------------------------------------------------ keeping

    def _intend(self, intention: Intention) -> None:
        before = self.next_due
        self._world.changes.commit("intention", self._last + 1, *intention)
        if before is None or intention.due < before:
            self.on_sooner()

    def _apply_intention(
        self, number: int, due: int, kind: str, person_id: int, place_id: int, text: str
    ) -> None:
        self._last = max(self._last, number)
        self._pending[number] = Intention(due, kind, person_id, place_id, text)
        heappush(self._order, (due, number))
        if kind == IntentionKind.LEAVE:
            self._leaving.add((place_id, person_id))

    def _apply_over(self, number: int) -> None:
        if (over := self._pending.pop(number, None)) is not None:
            self._leaving.discard((over.place_id, over.person_id))

    def _dump(self) -> Iterator[Change]:
        yield from (("intention", number, *kept) for number, kept in self._pending.items())
