"""The people of an audience as a table of any length over an array of their ids."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from invite_desktop.domain.people import Person, PersonKeys
from invite_desktop.engine.ports.audiences import PeopleSort
from invite_desktop.ui.translations import tr
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.widgets.paged_model import PagedModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.audiences import Audiences
    from invite_desktop.ui.work import Work


class PeopleModel(PagedModel["Person"]):
    """Shows whom ``ids`` names, in that order; people are fetched as they are looked at."""

    def __init__(self, audiences: Audiences, work: Work) -> None:
        super().__init__(COLUMNS, key=lambda person: person.id, fetch=self._people, work=work)
        self._audiences = audiences
        self.ids = array("q")

    def show_ids(self, ids: array[int]) -> bool:
        """Show other people, or the same ones as they are now; return whether they are others."""
        if ids == self.ids:
            self.all_changed()
            return False
        self.ids = ids
        self.start_over(len(ids))
        return True

    async def _people(self, offset: int, limit: int) -> Sequence[Person]:
        wanted = self.ids[offset : offset + limit]
        found = {person.id: person for person in await self._audiences.people_by_id(wanted)}
        # Who was merged or taken back meanwhile keeps an empty place until the ids are new.
        return [found.get(one) or Person(one, PersonKeys()) for one in wanted]


def _name(person: Person) -> str:
    return person.full_name or f"{person.first_name} {person.last_name}".strip()


def _username(person: Person) -> str:
    return f"@{person.keys.username}" if person.keys.username else ""


def _other(person: Person) -> str:
    return "  ·  ".join(f"{name}: {value}" for name, value in person.extra.items())


def _other_lines(person: Person) -> str:
    return "\n".join(f"{name}: {value}" for name, value in person.extra.items())


COLUMNS: Sequence[Column[Person]] = (
    Column(lambda: tr("Name"), _name, 30),
    Column(lambda: tr("Username"), _username, 22),
    Column(lambda: tr("Phone"), lambda person: person.keys.phone or "", 16),
    Column(lambda: tr("Telegram ID"), lambda person: str(person.keys.telegram_id or ""), 15),
    Column(lambda: tr("Other columns"), _other, 0, hint=_other_lines),
)

SORTS: Sequence[PeopleSort | None] = (
    PeopleSort.NAME,
    PeopleSort.USERNAME,
    PeopleSort.PHONE,
    PeopleSort.TELEGRAM_ID,
    None,
)
"""What each column sorts by; None: it cannot be sorted by."""
