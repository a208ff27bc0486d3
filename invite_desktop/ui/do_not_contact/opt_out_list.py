"""One of the two lists: who is on it now, or who was lifted from it."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from invite_desktop.ui.do_not_contact.opt_out_columns import lifted_columns, present_columns
from invite_desktop.ui.widgets.paged_model import PagedModel
from invite_desktop.ui.widgets.tables import Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.engine.ports.audiences import OptOut
    from invite_desktop.ui.context import ScreenContext


class OptOutList:
    """Holds the ids of what was found; the rows come page by page as they are looked at."""

    def __init__(self, context: ScreenContext, *, ended: bool) -> None:
        self._list = context.engine.do_not_contact
        self._ended = ended
        self._ids: array[int] = array("q")
        self._text = ""
        now = context.engine.clock.now
        self.model: PagedModel[OptOut] = PagedModel(
            lifted_columns(now) if ended else present_columns(now),
            key=lambda entry: entry.id,
            fetch=self._fetch,
            work=context.work,
        )
        self.table = Table(self.model)
        self.table.setSelectionMode(Table.SelectionMode.SingleSelection)
        name = "lifted_opt_outs" if ended else "opt_outs"
        self.table.setObjectName(name)
        self.table.remember_columns(context.settings, f"{name}/columns")

    @property
    def found(self) -> int:
        """Return how many entries are shown."""
        return len(self._ids)

    @property
    def chosen(self) -> OptOut | None:
        """Return the chosen entry, None while it is on its way."""
        chosen: Sequence[OptOut | None] = self.table.chosen()
        return chosen[0] if chosen else None

    async def find(self, text: str) -> None:
        """Show the entries that hold a text; the same text again keeps the place."""
        ids = await self._list.entry_ids(text, ended=self._ended)
        again, self._text, self._ids = text == self._text, text, ids
        if again:
            self.model.set_total(len(ids))
            self.model.all_changed()
        else:
            self.model.start_over(len(ids))

    async def _fetch(self, offset: int, limit: int) -> Sequence[OptOut]:
        return await self._list.entries_by_id(self._ids[offset : offset + limit], ended=self._ended)
