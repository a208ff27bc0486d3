"""What a task's page shows of each person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.tones import TARGET_TONES
from invite_desktop.ui.translations import tr, translator
from invite_desktop.ui.widgets.columns import Column
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from invite_desktop.engine.ports.ledger import Target


def target_columns(
    now: Callable[[], datetime], account_names: Mapping[int, str]
) -> Sequence[Column[Target]]:
    """Return the columns; ``account_names`` is read anew at every painting."""
    return (
        Column(
            lambda: tr("No."),
            lambda target: translator().number(target.position),
            6,
            number=True,
        ),
        Column(lambda: tr("Person"), lambda target: target.person.label, 0),
        Column(
            lambda: tr("State"),
            lambda target: titled(target.state),
            16,
            tone=lambda target: TARGET_TONES[target.state],
        ),
        Column(lambda: tr("Reason"), _reason, 32, hint=_reason_hint),
        Column(
            lambda: tr("Account"),
            lambda target: account_names.get(target.account_id or 0, ""),
            13,
        ),
        Column(
            lambda: tr("Changed"),
            lambda target: (
                translator().moment(target.changed_at, now()) if target.changed_at else ""
            ),
            14,
        ),
    )


def _reason(target: Target) -> str:
    return titled(target.outcome) if target.outcome is not None else ""


def _reason_hint(target: Target) -> str:
    words = _reason(target)
    return f"{words} ({target.detail})" if words and target.detail else words
