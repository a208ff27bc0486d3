"""Flood waits and PEER_FLOOD, in the world's time.

Two kinds: waits that a person's seed brings once, whoever contacts her first; and limits of the
account, which tolerate so much and no more. Both decide when somebody is contacted and change
nothing of what comes of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.rehearsal.faults import MethodError
from invite_desktop.rehearsal.meters import Level, Standing
from invite_desktop.rehearsal.population import Behaviour, Reception

if TYPE_CHECKING:
    from collections.abc import Iterator

    from invite_desktop.rehearsal.changes import Change
    from invite_desktop.rehearsal.limit_rules import LimitRules, Vessel
    from invite_desktop.rehearsal.people import Account, Person
    from invite_desktop.rehearsal.world import World

_INVITING = frozenset({"channels.inviteToChannel", "messages.addChatUser"})
_WRITING = frozenset({"messages.sendMessage", "messages.sendMedia"})
_LOOKING_UP = frozenset({"contacts.resolveUsername", "contacts.resolvePhone"})
_COMING = frozenset(
    {
        "channels.createChannel",
        "channels.joinChannel",
        "messages.createChat",
        "messages.importChatInvite",
    }
)
_IMPORT = "contacts.importContacts"
_ACCEPTING = frozenset({Behaviour.WILLING, Behaviour.ALREADY_MEMBER, Behaviour.SILENT_NO_ADD})


class Limits:
    """Who has to wait with which method, and which people have caused a wait already.

    The first contacting call about some people answers a flood wait, once in their lives and
    whoever calls. The limits of an account are those of the world's mix; it may have none.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._rules = world.people.population.mix.limits
        self._waits: dict[tuple[int, str], int] = {}
        self._caused: set[int] = set()
        self._levels: dict[tuple[int, str], Level] = {}
        self._standings: dict[int, Standing] = {}
        world.changes.keep(
            {
                "flood": self._apply_flood,
                "level": self._apply_level,
                "standing": self._apply_standing,
            },
            self._dump,
        )

    def check(self, account: Account, method: str) -> None:
        """Count a call. Raises FLOOD_WAIT if the account has to wait with the method."""
        left = self._waits.get((account.id, method), 0) - self._world.now()
        if left > 0:
            raise MethodError(f"FLOOD_WAIT_{left}")
        if self._rules is not None:
            for name, vessel in _vessels(self._rules, method):
                self._pour(account, method, name, vessel, self._rules)

    def contact(self, account: Account, method: str, person: Person) -> None:
        """Count a contact.

        Raises FLOOD_WAIT if this is the contact that the person's seed punishes, and PEER_FLOOD if
        the account has made too many, too fast, to people who did not want them.
        """
        if self._rules is not None:
            self._judge(account, method, person, self._rules)
        if person.id in self._caused:
            return
        seconds = self._world.people.conduct(person).flood_seconds
        if seconds:
            until = self._world.now() + seconds
            self._world.changes.commit("flood", account.id, method, until, person.id)
            raise MethodError(f"FLOOD_WAIT_{seconds}")

    def importable(self, account: Account, phones: int) -> int:
        """Count phone numbers to be imported and return how many of them are looked at.

        Raises FLOOD_WAIT when the account goes on although none was looked at for long.
        """
        if self._rules is None:
            return phones
        vessel, level = self._rules.imports, self._level(account, _IMPORT)
        level.sink(self._world.now(), vessel)
        room = int(max(0.0, vessel.holds - level.amount))
        level.amount += phones
        if level.amount > 2 * vessel.holds:
            level.amount = 2 * vessel.holds
            self._punish(account, _IMPORT, level, vessel, self._rules)
        self._keep_level(account, _IMPORT, level)
        return min(room, phones)

    # ------------------------------------------------------------------ flood waits

    def _pour(
        self, account: Account, method: str, name: str, vessel: Vessel, rules: LimitRules
    ) -> None:
        level = self._level(account, name)
        level.sink(self._world.now(), vessel)
        if level.amount + 1 > vessel.holds:
            self._punish(account, method, level, vessel, rules, name)
        level.amount += 1
        self._keep_level(account, name, level)

    def _punish(
        self,
        account: Account,
        method: str,
        level: Level,
        vessel: Vessel,
        rules: LimitRules,
        name: str = _IMPORT,
    ) -> None:
        now = self._world.now()
        seconds = level.strike(now, vessel, rules)
        self._keep_level(account, name, level)
        standing = self._standing(account)
        standing.decay(now, rules.score)
        standing.score += rules.score.flood_wait * level.strikes
        self._keep_standing(account, standing)
        self._world.changes.commit("flood", account.id, method, now + seconds, 0)
        raise MethodError(f"FLOOD_WAIT_{seconds}")

    # ------------------------------------------------------------------ PEER_FLOOD

    def _judge(self, account: Account, method: str, person: Person, rules: LimitRules) -> None:
        standing, now, score = self._standing(account), self._world.now(), rules.score
        standing.decay(now, score)
        standing.speed += 1
        points = 1 + score.hurry * max(0.0, standing.speed - score.calm)
        conduct = self._world.people.conduct(person)
        welcome = (
            conduct.reception is Reception.FREE
            if method in _WRITING
            else conduct.behaviour in _ACCEPTING
        )
        points += 0 if welcome else score.refusal
        points += score.complaint if conduct.complains else 0
        standing.score += points * (score.contact if person.id in account.contacts else 1)
        flooded = standing.is_flooded(now, score)
        self._keep_standing(account, standing)
        if flooded:
            raise MethodError("PEER_FLOOD")

    # ------------------------------------------------------------------ keeping

    def _level(self, account: Account, name: str) -> Level:
        return self._levels.setdefault((account.id, name), Level(self._world.now()))

    def _standing(self, account: Account) -> Standing:
        now = self._world.now()
        return self._standings.setdefault(account.id, Standing(now, now))

    def _keep_level(self, account: Account, name: str, level: Level) -> None:
        self._world.changes.commit("level", account.id, name, *level.row())

    def _keep_standing(self, account: Account, standing: Standing) -> None:
        self._world.changes.commit("standing", account.id, *standing.row())

    def _apply_flood(self, account_id: int, method: str, until: int, person_id: int) -> None:
        if account_id:
            self._waits[account_id, method] = until
        if person_id:
            self._caused.add(person_id)

    def _apply_level(self, account_id: int, name: str, *row: float) -> None:
        self._levels[account_id, name] = Level(*row)

    def _apply_standing(self, account_id: int, *row: float) -> None:
        self._standings[account_id] = Standing(*row)

    def _dump(self) -> Iterator[Change]:
        for person_id in self._caused:
            yield "flood", 0, "", 0, person_id
        for (account_id, method), until in self._waits.items():
            yield "flood", account_id, method, until, 0
        for (account_id, name), level in self._levels.items():
            yield "level", account_id, name, *level.row()
        for account_id, standing in self._standings.items():
            yield "standing", account_id, *standing.row()


def _vessels(rules: LimitRules, method: str) -> tuple[tuple[str, Vessel], ...]:
    """Return the vessels that a call of a method flows into, by names of their own."""
    if method in _INVITING:
        return ((method, rules.invite),)
    if method in _WRITING:
        return (("messages.sendMessage", rules.message),)
    if method in _COMING:
        return (("chats", rules.chats),)
    if method in _LOOKING_UP:
        return (("lookup day", rules.lookup_day), ("lookup burst", rules.lookup_burst))
    return ()
