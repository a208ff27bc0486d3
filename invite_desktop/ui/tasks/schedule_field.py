"""When a task starts and in which hours it acts."""

from __future__ import annotations

from datetime import UTC, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, Qt, QTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDateTimeEdit,
    QTimeEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.schedule import WORKDAYS, Schedule, WorkingHours
from invite_desktop.ui.theme import Space
from invite_desktop.ui.translations import (
    HOUR_FORMAT,
    MOMENT_FORMAT,
    language_changed,
    tr,
    translator,
)
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.layouts import line
from invite_desktop.ui.widgets.pieces import FieldError, label

if TYPE_CHECKING:
    from collections.abc import Callable

_FIRST_HOUR, _LAST_HOUR = QTime(9, 0), QTime(18, 0)
_AN_HOUR = 3600


class Start(StrEnum):
    """How a task comes to start."""

    BY_HAND = "by_hand"
    AT_A_TIME = "at_a_time"


class ScheduleField(QWidget):
    """Offers a start time and working hours; ``now`` is the program's clock.

    ``typing`` comes with every change, ``changed`` only when the schedule can be used.
    """

    changed = Signal()
    typing = Signal()

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.start = Choice(_start_words, list(Start))
        self.start.setObjectName("start_choice")
        self.moment = QDateTimeEdit(calendarPopup=True)
        self.limited = QCheckBox()
        self.days = [_day_button() for _ in range(7)]
        self.begins, self.ends = _time_edit(_FIRST_HOUR), _time_edit(_LAST_HOUR)
        self.zone = _zone_box()
        self._to = label()
        self.error = FieldError()
        self._hours_row = QWidget()
        self._lay_out()
        self._connect()
        self.clear()
        self.retranslate()

    @property
    def starts_by_itself(self) -> bool:
        """Return whether a start time is wanted."""
        return self.start.chosen is Start.AT_A_TIME

    def schedule(self) -> Schedule:
        """Return what was chosen. Raises KnownError for a time that has passed, or no day."""
        start_at = None
        if self.starts_by_itself:
            start_at = _to_utc(self.moment.dateTime())
            if start_at <= self._now():
                raise KnownError(message("This start time has passed already."))
        return Schedule(start_at, self._hours() if self.limited.isChecked() else None)

    def typed(self) -> Schedule:
        """Return what was chosen, also a time that has passed; hours only when they are right."""
        start_at = _to_utc(self.moment.dateTime()) if self.starts_by_itself else None
        try:
            return Schedule(start_at, self._hours() if self.limited.isChecked() else None)
        except KnownError:
            return Schedule(start_at)

    def show_schedule(self, schedule: Schedule) -> None:
        """Show a schedule to be changed."""
        self.clear()
        if schedule.start_at is not None:
            self.start.choose(Start.AT_A_TIME)
            self.moment.setDateTime(_to_local(schedule.start_at))
        if schedule.hours is not None:
            self._show_hours(schedule.hours)
        self._show_parts()

    def clear(self) -> None:
        """Start by hand, at work day and night."""
        self.start.choose(Start.BY_HAND)
        self.moment.setDateTime(_next_full_hour(self._now()))
        self.limited.setChecked(False)
        self._show_hours(WorkingHours(zone=_home_zone()))
        self.limited.setChecked(False)
        self.error.clear()
        self._show_parts()

    def complete(self) -> bool:
        """Say what is wrong, if anything; return whether the schedule can be used."""
        try:
            self.schedule()
        except KnownError as error:
            self.error.refuse(error)
            return False
        self.error.clear()
        return True

    def retranslate(self) -> None:
        """Write every text anew."""
        self.start.retranslate()
        self.start.setAccessibleName(tr("How the task starts"))
        self.moment.setAccessibleName(tr("Start time"))
        self.limited.setText(tr("Only in working ho&urs"))
        self.begins.setAccessibleName(tr("Working hours begin"))
        self.ends.setAccessibleName(tr("Working hours end"))
        self.zone.setAccessibleName(tr("Time zone of the working hours"))
        self.zone.setToolTip(tr("Time zone of the working hours"))
        self._to.setText(tr("to"))
        locale = translator().locale
        for number, day in enumerate(self.days, start=1):
            day.setText(locale.standaloneDayName(number, QLocale.FormatType.ShortFormat))
            day.setAccessibleName(locale.standaloneDayName(number))
            day.setToolTip(locale.standaloneDayName(number))
        for edit in (self.moment, self.begins, self.ends):
            edit.setLocale(locale)
        self.moment.setDisplayFormat(MOMENT_FORMAT)
        for edit in (self.begins, self.ends):
            edit.setDisplayFormat(HOUR_FORMAT)

    def _hours(self) -> WorkingHours:
        begins, ends = self.begins.time(), self.ends.time()
        return WorkingHours(
            frozenset(number for number, day in enumerate(self.days) if day.isChecked()),
            time(begins.hour(), begins.minute()),
            time(ends.hour(), ends.minute()),
            self.zone.currentText().strip(),
        )

    def _show_hours(self, hours: WorkingHours) -> None:
        self.limited.setChecked(True)
        for number, day in enumerate(self.days):
            day.setChecked(number in hours.weekdays)
        self.begins.setTime(QTime(hours.begins.hour, hours.begins.minute))
        self.ends.setTime(QTime(hours.ends.hour, hours.ends.minute))
        self.zone.setCurrentText(hours.zone)

    def _show_parts(self) -> None:
        self.moment.setVisible(self.starts_by_itself)
        self._hours_row.setVisible(self.limited.isChecked())

    def _something_changed(self) -> None:
        self._show_parts()
        self.typing.emit()
        if self.complete():
            self.changed.emit()

    def _connect(self) -> None:
        language_changed().changed.connect(self.retranslate)
        self.start.currentIndexChanged.connect(self._something_changed)
        self.moment.dateTimeChanged.connect(self._something_changed)
        self.limited.toggled.connect(self._something_changed)
        for day in self.days:
            day.toggled.connect(self._something_changed)
        for edit in (self.begins, self.ends):
            edit.timeChanged.connect(self._something_changed)
        self.zone.currentTextChanged.connect(self._something_changed)

    def _lay_out(self) -> None:
        hours = line(*self.days, self.begins, self._to, self.ends, self.zone, None)
        hours.setContentsMargins(0, 0, 0, 0)
        self._hours_row.setLayout(hours)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addLayout(line(self.start, self.moment, None))
        column.addLayout(line(self.limited, None))
        column.addWidget(self._hours_row)
        column.addWidget(self.error)


def schedule_words(schedule: Schedule, now: datetime) -> str:
    """Return a schedule as one line, empty when it says nothing."""
    words = []
    if schedule.start_at is not None:
        words.append(tr("starts {moment}", moment=translator().moment(schedule.start_at, now)))
    if (hours := schedule.hours) is not None:
        words.append(
            tr(
                "works {days}, {begins} to {ends} ({zone})",
                days=_days_words(hours.weekdays),
                begins=hours.begins.isoformat("minutes"),
                ends=hours.ends.isoformat("minutes"),
                zone=hours.zone,
            )
        )
    return "  ·  ".join(words)


def _days_words(weekdays: frozenset[int]) -> str:
    locale = translator().locale
    short = QLocale.FormatType.ShortFormat
    if weekdays == WORKDAYS:
        return f"{locale.standaloneDayName(1, short)}–{locale.standaloneDayName(5, short)}"
    return ", ".join(locale.standaloneDayName(day + 1, short) for day in sorted(weekdays))


def _start_words(start: Start) -> str:
    return tr("When I press Start") if start is Start.BY_HAND else tr("By itself, at a time")


def _day_button() -> QToolButton:
    made = QToolButton()
    made.setCheckable(True)
    made.setProperty("role", "day")
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def _time_edit(hour: QTime) -> QTimeEdit:
    made = QTimeEdit(hour)
    made.lineEdit().setTextMargins(Space.SMALL, 0, 0, 0)  # what a style sheet cannot give it
    return made


def _zone_box() -> QComboBox:
    box = QComboBox(editable=True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(sorted(bytes(zone.data()).decode() for zone in QTimeZone.availableTimeZoneIds()))
    if (completer := box.completer()) is not None:
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(18)
    return box


def _home_zone() -> str:
    return bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"


def _next_full_hour(now: datetime) -> QDateTime:
    seconds = int(now.timestamp()) // _AN_HOUR * _AN_HOUR + _AN_HOUR
    return QDateTime.fromSecsSinceEpoch(seconds)


def _to_utc(moment: QDateTime) -> datetime:
    return datetime.fromtimestamp(moment.toSecsSinceEpoch(), UTC)


def _to_local(moment: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
