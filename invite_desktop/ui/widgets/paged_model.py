"""A table of any length, fetched page by page as it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from invite_desktop.ui.widgets.columns import ROOT, ColumnsModel, Index, Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Hashable, Iterator, Sequence

    from invite_desktop.ui.widgets.columns import Column
    from invite_desktop.ui.work import Work

PAGE_ROWS = 200
KEPT_PAGES = 25


class PagedModel(ColumnsModel[Row]):
    """Keeps the pages looked at last; ``fetch`` gets an offset and a limit.

    ``set_total`` says how long the table is. A page whose rows changed is fetched again when it is
    looked at, and only the rows that differ are painted anew.
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        key: Callable[[Row], Hashable],
        fetch: Callable[[int, int], Awaitable[Sequence[Row]]],
        work: Work,
    ) -> None:
        super().__init__(columns)
        self._key = key
        self._fetch = fetch
        self._work = work
        self._total = 0
        self._generation = 0
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()
        self._place_of: dict[Hashable, int] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()

    def rowCount(self, parent: Index = ROOT) -> int:
        """Return the length of the whole table."""
        return 0 if parent.isValid() else self._total

    def row_at(self, position: int) -> Row | None:
        """Return a row if its page is here; ask for the page otherwise."""
        page, place = divmod(position, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None or page in self._stale:
            self._ask(page)
        if rows is None:
            return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None

    def set_total(self, total: int) -> None:
        """Make the table longer or shorter at its end."""
        if total > self._total:
            self.beginInsertRows(ROOT, self._total, total - 1)
            self._stale.add(self._total // PAGE_ROWS)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(ROOT, total, self._total - 1)
            self._total = total
            self.endRemoveRows()

    def start_over(self, total: int) -> None:
        """Forget every page: the table now shows something else."""
        self.beginResetModel()
        self._generation += 1
        self._total = total
        self._pages.clear()
        self._place_of.clear()
        self._stale.clear()
        self._asked.clear()
        self.endResetModel()

    def rows_changed(self, keys: Collection[Hashable]) -> None:
        """Fetch the pages of these rows again, when one of the rows is looked at."""
        places = sorted(self._place_of[key] for key in keys if key in self._place_of)
        self._stale.update(place // PAGE_ROWS for place in places)
        for first, last in _runs(places):
            self.announce(first, last)

    def all_changed(self) -> None:
        """Fetch every page again that is looked at, keeping what is shown until then."""
        self._stale.update(self._pages)
        for page in tuple(self._pages):
            self._announce_page(page)

    def _ask(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._work.start(self._arrive(page, self._generation), "page of a table")

    async def _arrive(self, page: int, generation: int) -> None:
        self._stale.discard(page)
        try:
            rows = await self._fetch(page * PAGE_ROWS, PAGE_ROWS)
        finally:
            if generation == self._generation:
                self._asked.discard(page)
        if generation == self._generation:
            self._keep(page, rows)

    def _keep(self, page: int, rows: Sequence[Row]) -> None:
        before = self._pages.get(page, ())
        self._forget_places(before)
        self._pages[page] = rows
        first = page * PAGE_ROWS
        self._place_of.update((self._key(row), first + n) for n, row in enumerate(rows))
        while len(self._pages) > KEPT_PAGES:
            gone, old = self._pages.popitem(last=False)
            self._stale.discard(gone)
            self._forget_places(old)
        if not before or page in self._stale:  # what changed while it was fetched is asked again
            self._announce_page(page)
        else:
            self._announce_differences(first, before, rows)

    def _forget_places(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._place_of.pop(self._key(row), None)

    def _announce_page(self, page: int) -> None:
        first = page * PAGE_ROWS
        self.announce(first, min(first + PAGE_ROWS, self._total) - 1)

    def _announce_differences(self, first: int, before: Sequence[Row], rows: Sequence[Row]) -> None:
        count = min(PAGE_ROWS, self._total - first)
        changed = [
            first + place
            for place in range(count)
            if place >= len(before) or place >= len(rows) or before[place] != rows[place]
        ]
        for start, end in _runs(changed):
            self.announce(start, end)


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each unbroken run of sorted numbers."""
    start = end = None
    for place in places:
        if start is None or end is None:
            start = end = place
        elif place == end + 1:
            end = place
        else:
            yield start, end
            start = end = place
    if start is not None and end is not None:
        yield start, end
