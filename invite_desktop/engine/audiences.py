"""The saved lists of people, and what is done with them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from invite_desktop.domain.audiences import Basis, Origin, weakest_basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.engine.events import AudiencesChanged
from invite_desktop.engine.person_editing import fields_of, problem_with
from invite_desktop.engine.ports.audiences import NewAudience, PeopleQuery
from invite_desktop.engine.ports.ledger import LedgerFilter
from invite_desktop.engine.task_use import basis_of, refuse_while_active, refuse_while_in_use

if TYPE_CHECKING:
    from array import array
    from collections.abc import AsyncIterator, Collection, Mapping, Sequence

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.people import KeyKind, Person
    from invite_desktop.domain.tasks import ChatRef
    from invite_desktop.engine.event_bus import EventBus
    from invite_desktop.engine.ports.audiences import PersonDetail, Removed, Split
    from invite_desktop.engine.ports.ledger import LedgerRow
    from invite_desktop.engine.ports.stores import AudienceUse, Reach
    from invite_desktop.engine.setup import EngineSettings, Ports
    from invite_desktop.engine.views import PersonEdit

_PAGE = 1_000
"""People that an export reads at once."""


class Audiences:
    """Questions about audiences and people, and changes of them."""

    def __init__(self, ports: Ports, bus: EventBus, settings: EngineSettings) -> None:
        self._ports = ports
        self._store = ports.audiences
        self._bus = bus
        self._region = settings.region

    # ------------------------------------------------------------ questions

    async def all(self) -> Sequence[Audience]:
        """Return the saved audiences, newest first."""
        return await self._store.audiences()

    async def people(self, audience_id: int, offset: int, limit: int) -> Sequence[Person]:
        """Return a page of an audience, in the order of import."""
        return await self._store.people(audience_id, offset, limit)

    async def use_of(self, audience_id: int, chat: ChatRef | None) -> AudienceUse:
        """Return how usable an audience is for inviting to a chat, or for messages (None)."""
        return await self._store.use_of(audience_id, chat.chat_id if chat else None)

    async def reach_of(
        self, audience_id: int, chat: ChatRef | None, accounts: Sequence[int]
    ) -> Reach:
        """Return by what these accounts would reach the people that ``use_of`` calls usable."""
        return await self._store.reach(audience_id, chat.chat_id if chat else None, accounts)

    async def person_ids(self, audience_id: int, query: PeopleQuery | None = None) -> array[int]:
        """Return the ids of an audience's people in the wanted order; a search has 10 000."""
        return await self._store.person_ids(audience_id, query or PeopleQuery())

    async def people_by_id(self, ids: Sequence[int]) -> Sequence[Person]:
        """Return people in the order of the ids; who is gone is left out."""
        return await self._store.people_by_id(ids)

    async def consent_dates(self, audience_id: int, ids: Sequence[int]) -> Mapping[int, str]:
        """Return the ISO dates on which people of an audience agreed, as far as they are known."""
        return await self._store.consent_dates(audience_id, ids)

    async def extra_names(self, audience_id: int, most: int) -> Sequence[str]:
        """Return the names of an audience's extra columns as its people bring them."""
        return await self._store.extra_names(audience_id, most)

    async def detail(self, person_id: int) -> PersonDetail:
        """Return where a person came from, her tasks, and whether she opted out.

        Raises KnownError when she is no longer stored.
        """
        try:
            return await self._store.person_detail(person_id)
        except KeyError as gone:
            raise KnownError(message("This person is no longer here.")) from gone

    async def history(
        self, person_id: int, offset: int = 0, limit: int = 200
    ) -> Sequence[LedgerRow]:
        """Return a page of everything that was tried with a person, newest first."""
        return await self._ports.ledger.rows(LedgerFilter(person_id=person_id), offset, limit)

    async def export(
        self, audience_id: int, query: PeopleQuery | None = None
    ) -> AsyncIterator[Person]:
        """Yield the people of an audience in the wanted order, read a thousand at a time."""
        ids = await self.person_ids(audience_id, query)
        for first in range(0, len(ids), _PAGE):
            for person in await self._store.people_by_id(ids[first : first + _PAGE]):
                yield person

    # ------------------------------------------------------------ one audience

    async def rename(self, audience_id: int, name: str) -> Audience:
        """Give an audience another name. Raises KnownError for an empty one."""
        return await self._changed(await self._store.rename_audience(audience_id, _named(name)))

    async def set_tags(self, audience_id: int, tags: Sequence[str]) -> Audience:
        """Replace the tags of an audience; empty and repeated ones are left out."""
        kept = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
        return await self._changed(await self._store.tag_audience(audience_id, kept))

    async def change_basis(self, audience_id: int, basis: Basis) -> Audience:
        """Change why the people of an audience may be contacted.

        Raises KnownError when they may not any more, and a task is contacting them right now.
        """
        if not basis.allows_sending:
            await refuse_while_active(self._ports.tasks, audience_id)
        return await self._changed(await self._store.change_basis(audience_id, basis))

    async def delete(self, audience_id: int) -> None:
        """Hide an audience until it is restored; its people and the ledger stay.

        Raises KnownError while a task that is not finished uses it.
        """
        await refuse_while_in_use(self._ports.tasks, audience_id)
        await self._store.delete_audience(audience_id)
        self._bus.publish(AudiencesChanged())

    async def restore(self, audience_id: int) -> Audience:
        """Bring a deleted audience back."""
        return await self._changed(await self._store.restore_audience(audience_id))

    async def remove_people(self, audience_id: int, person_ids: Sequence[int]) -> Removed:
        """Take people out of an audience; tasks that run keep their targets."""
        removed = await self._store.remove_people(audience_id, person_ids)
        self._bus.publish(AudiencesChanged())
        return removed

    async def put_back(self, removed: Removed) -> None:
        """Put people back who were taken out of an audience."""
        await self._store.put_back(removed)
        self._bus.publish(AudiencesChanged())

    # ------------------------------------------------------------ new ones

    async def unite(self, audience_ids: Sequence[int], name: str) -> Audience:
        """Make one audience of several; each person is in it once. Raises KnownError.

        Of different bases the weakest one counts for everybody.
        """
        lists = [await self._store.person_ids(one, PeopleQuery()) for one in audience_ids]
        people = await asyncio.to_thread(_union, lists)
        return await self._make(audience_ids, name, people)

    async def subtract(self, audience_id: int, minus: Sequence[int], name: str) -> Audience:
        """Make an audience of the people of one who are in none of the others."""
        people = await self._store.person_ids(audience_id, PeopleQuery())
        others = [await self._store.person_ids(one, PeopleQuery()) for one in minus]
        left = await asyncio.to_thread(_difference, people, others)
        return await self._make([audience_id], name, left)

    async def copy(self, audience_id: int, person_ids: Sequence[int], name: str) -> Audience:
        """Make an audience of chosen people of another. Raises KnownError when nobody is left."""
        return await self._make([audience_id], name, person_ids)

    async def split(self, audience_id: int, person_ids: Sequence[int], name: str) -> Split:
        """Move chosen people into a new audience, wholly or not at all. Raises KnownError."""
        new = await self._new([audience_id], name)
        split = await self._store.split_audience(audience_id, new, person_ids)
        self._bus.publish(AudiencesChanged())
        return split

    async def unsplit(self, split: Split) -> None:
        """Move people back and delete the new audience; one that is in use is a KnownError."""
        await refuse_while_in_use(self._ports.tasks, split.audience.id)
        await self._store.unsplit_audience(split)
        self._bus.publish(AudiencesChanged())

    async def from_task(
        self,
        task_id: int,
        states: Collection[TargetState],
        outcomes: Collection[OutcomeCode],
        name: str,
    ) -> Audience:
        """Make an audience of a task's people by how it ended for them; empty means: all."""
        task = await self._ports.tasks.task(task_id)
        people = await self._store.people_of_task(task_id, states, outcomes)
        basis, now = await basis_of(task, self._store), self._ports.clock.now()
        new = NewAudience(_named(name), basis, task.name, Origin.TASK, now)
        return await self._changed(await self._store.make_audience(new, people))

    # ------------------------------------------------------------ one person

    def problem_with(self, kind: KeyKind, text: str) -> KnownError | None:
        """Return why a text cannot be a person's key, while it is typed; empty is no problem."""
        return problem_with(kind, text, self._ports.files, self._region)

    async def meets(self, person_id: int, edit: PersonEdit) -> Sequence[Person]:
        """Return the stored people whom an edit would make one with her. Raises KnownError."""
        fields = fields_of(edit, self._ports.files, self._region)
        return await self._store.people_met(person_id, fields.keys)

    async def edit_person(self, person_id: int, edit: PersonEdit) -> Person:
        """Change a person; whom her new keys belong to becomes one with her.

        Raises KnownError for a key that is none, and for a person without keys.
        """
        fields = fields_of(edit, self._ports.files, self._region)
        person = await self._store.edit_person(person_id, fields)
        self._bus.publish(AudiencesChanged())
        return person

    # ------------------------------------------------------------ inside

    async def _make(self, of: Sequence[int], name: str, people: Sequence[int]) -> Audience:
        new = await self._new(of, name)
        return await self._changed(await self._store.make_audience(new, people))

    async def _new(self, of: Sequence[int], name: str) -> NewAudience:
        known = {audience.id: audience for audience in await self.all()}
        sources = [known[one] for one in of if one in known]
        if len(sources) < len(of) or not sources:
            raise KnownError(message("This audience is no longer here."))
        return NewAudience(
            name=_named(name),
            basis=weakest_basis([source.basis for source in sources]),
            source=", ".join(source.name for source in sources),
            origin=Origin.AUDIENCE,
            at=self._ports.clock.now(),
        )

    async def _changed(self, audience: Audience) -> Audience:
        self._bus.publish(AudiencesChanged())
        return audience


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise KnownError(message("The audience needs a name."))
    return name


def _union(lists: Sequence[Sequence[int]]) -> list[int]:
    return list(dict.fromkeys(person_id for people in lists for person_id in people))


def _difference(people: Sequence[int], others: Sequence[Sequence[int]]) -> list[int]:
    gone = {person_id for other in others for person_id in other}
    return [person_id for person_id in people if person_id not in gone]
