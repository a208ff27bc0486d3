"""Taking an import back, after saying what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.translations import joined, tr, tr_n

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.ui.context import ScreenContext


async def undo_import(
    context: ScreenContext, report: ImportReport, undone: Callable[[ImportReport], None]
) -> None:
    """Ask, take the import back and hand over its new report. Raises KnownError."""
    agreed = await context.notices.ask(
        tr("Undo the import of “{name}”?", name=report.audience.name),
        joined(
            tr_n(
                "{count} new person goes away again.",
                "{count} new people go away again.",
                report.counts.new,
            ),
            tr("People who were updated get back what was known of them before."),
            tr("What was already sent stays in the log, and nobody is contacted twice."),
            by="\n",
        ),
        tr("Undo the import"),
        tr("Keep the import"),
    )
    if agreed:
        undone(await context.engine.imports.undo(report.import_id))
