"""A table of any length, fetched page by page as it is looked at."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from invite_desktop.ui.widgets.columns import ROOT, ColumnsModel, Index, Row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Hashable, Sequence

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
        self._page_of: dict[Hashable, int] = {}
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
        self._page_of.clear()
        self._stale.clear()
        self._asked.clear()
        self.endResetModel()

    def rows_changed(self, keys: Collection[Hashable]) -> None:
        """Fetch the pages of these rows again, those that are here and looked at."""
        self._outdate({self._page_of[key] for key in keys if key in self._page_of})

    def all_changed(self) -> None:
        """Fetch every page again that is looked at, keeping what is shown until then."""
        self._outdate(set(self._pages))

    def _outdate(self, pages: set[int]) -> None:
        self._stale |= pages
        for page in pages:
            first = page * PAGE_ROWS
            self.announce(first, min(first + PAGE_ROWS, self._total) - 1)

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
        self._pages[page] = rows
        self._page_of.update((self._key(row), page) for row in rows)
        while len(self._pages) > KEPT_PAGES:
            gone, old = self._pages.popitem(last=False)
            self._stale.discard(gone)
            for row in old:
                self._page_of.pop(self._key(row), None)
        self._announce_differences(page, before, rows)

    def _announce_differences(self, page: int, before: Sequence[Row], rows: Sequence[Row]) -> None:
        first = page * PAGE_ROWS
        count = min(PAGE_ROWS, self._total - first)
        if not before:
            self.announce(first, first + count - 1)
            return
        for place in range(count):
            old = before[place] if place < len(before) else None
            new = rows[place] if place < len(rows) else None
            if old is None or old != new:
                self.announce(first + place, first + place)
