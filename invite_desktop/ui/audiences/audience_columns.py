"""What the list of audiences shows of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from invite_desktop.ui.theme import Tone
from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import named, titled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from invite_desktop.domain.audiences import Audience

CREATED_COLUMN = 2
"""The position of the column by which the list is sorted at first."""


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """An audience with the names of the tasks that use it, newest first."""

    audience: Audience
    tasks: tuple[str, ...] = ()

    def holds(self, words: Sequence[str]) -> bool:
        """Return whether name and tags hold all of these words, which are folded already."""
        text = " ".join((self.audience.name, *self.audience.tags)).casefold()
        return all(word in text for word in words)


def audience_columns(now: Callable[[], datetime]) -> Sequence[Column[AudienceRow]]:
    """Return the columns; ``now`` is the program's clock."""
    return (
        Column(lambda: tr("Audience"), lambda row: row.audience.name, 0),
        Column(
            lambda: tr("People"),
            lambda row: translator().number(row.audience.people),
            10,
            sort=lambda row: row.audience.people,
            number=True,
        ),
        Column(
            lambda: tr("Saved on"),
            lambda row: translator().moment(row.audience.created_at, now()),
            14,
            sort=lambda row: row.audience.created_at.isoformat(),
            hint=lambda row: translator().moment(row.audience.created_at),
        ),
        Column(
            lambda: tr("Basis"),
            lambda row: titled(row.audience.basis),
            22,
            tone=_basis_tone,
        ),
        Column(lambda: tr("Taken from"), _source, 20, hint=source_words),
        Column(lambda: tr("Tags"), lambda row: ", ".join(row.audience.tags), 14),
        Column(
            lambda: tr("Tasks"),
            lambda row: translator().number(len(row.tasks)) if row.tasks else "",
            7,
            sort=lambda row: len(row.tasks),
            hint=_task_words,
            number=True,
        ),
    )


def source_words(row: AudienceRow) -> str:
    """Return where an audience comes from in one line, for a place of its own."""
    return _with_source(titled(row.audience.origin), row)


def facts_words(row: AudienceRow, now: datetime) -> str:
    """Return everything that is known of an audience besides its name, in one line."""
    audience = row.audience
    parts = [
        tr_n("{count} person", "{count} people", audience.people),
        tr("basis: {basis}", basis=named(audience.basis)),
        _with_source(named(row.audience.origin), row),
        translator().moment(audience.created_at, now),
    ]
    if audience.tags:
        parts.append(tr("tags: {tags}", tags=", ".join(audience.tags)))
    return "  ·  ".join(parts)


def _with_source(origin: str, row: AudienceRow) -> str:
    return f"{origin}: {row.audience.source}" if row.audience.source else origin


def _basis_tone(row: AudienceRow) -> Tone:
    return Tone.QUIET if row.audience.basis.allows_sending else Tone.CARE


def _source(row: AudienceRow) -> str:
    return row.audience.source or titled(row.audience.origin)


def _task_words(row: AudienceRow) -> str:
    return "\n".join(row.tasks) if row.tasks else tr("No task uses it")
