"""Until when an account is to rest."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QVBoxLayout

from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import MOMENT_FORMAT, language_changed, tr, translator
from invite_desktop.ui.widgets.dialog import Dialog
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import button, label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

MORNING = time(9)


def tomorrow_morning(now: datetime) -> datetime:
    """Return nine o'clock of the next local day; ``now`` and the answer are aware."""
    return _local_moment(now.astimezone() + timedelta(days=1), MORNING)


def _local_moment(day: datetime, hour: time) -> datetime:
    """Return an hour of a day in local time, whatever daylight saving makes of it."""
    return datetime.combine(day.date(), hour).astimezone()


class RestDialog(Dialog):
    """Asks for a day and an hour; ``moment_chosen`` brings an aware datetime."""

    moment_chosen = Signal(object)

    def __init__(self, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self.moment = QDateTimeEdit()
        self.moment.setCalendarPopup(True)
        tomorrow = tomorrow_morning(now)
        self.moment.setDateTime(
            QDateTime(QDate(tomorrow.year, tomorrow.month, tomorrow.day), QTime(9, 0))
        )
        words = label("muted", wrapped=True)
        words.setText(
            tr("Until then the account does nothing; its tasks go on with others, or wait.")
        )
        cancel, rest = button(), button(primary=True)
        cancel.setText(tr("Cancel"))
        rest.setText(tr("Rest"))
        rest.setDefault(True)
        cancel.clicked.connect(self.reject)
        rest.clicked.connect(self._choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(words)
        column.addWidget(self.moment)
        column.addLayout(line(None, cancel, rest))
        self.setMinimumWidth(360)
        language_changed().changed.connect(self.retranslate)
        self.retranslate()
        self.fit_height()

    def retranslate(self) -> None:
        """Write anew what is not written on a label or a button."""
        self.setWindowTitle(tr("Rest until…"))
        self.moment.setLocale(translator().locale)
        self.moment.setDisplayFormat(MOMENT_FORMAT)
        self.moment.setAccessibleName(tr("End of the rest"))

    def _choose(self) -> None:
        chosen = self.moment.dateTime()
        day, hour = chosen.date(), chosen.time()
        moment = datetime(day.year(), day.month(), day.day(), hour.hour(), hour.minute())  # noqa: DTZ001 - local time, made aware at once
        self.moment_chosen.emit(moment.astimezone())
        self.accept()
