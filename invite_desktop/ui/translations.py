"""The language of the window: texts by gettext, dates and numbers by Qt's locale data."""

from __future__ import annotations

import gettext
from datetime import date, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QDate,
    QLibraryInfo,
    QLocale,
    QObject,
    QTime,
    QTranslator,
    Signal,
)

from invite_desktop.domain.messages import Message, counted, message, render
from invite_desktop.ui.resources import resource_path

if TYPE_CHECKING:
    from invite_desktop.domain.messages import Catalogue

LANGUAGES = {"ru": "Русский", "en": "English"}
"""The languages of the program, each in its own words."""

DAY_FORMAT, HOUR_FORMAT = "d MMM yyyy", "HH:mm"
MOMENT_FORMAT = f"ddd {DAY_FORMAT} {HOUR_FORMAT}"
"""How fields show days, hours and moments in every language: as the texts beside them do."""

_HOME_LOCALES = {"ru": "ru_RU", "en": "en_GB"}
_CATALOGUE = "invite_desktop"


class Said(str):
    """A text in the language in which it was written, which can be said again in another.

    Only whole: what is cut out of it or joined to it is a plain text.
    """

    __slots__ = ("item",)

    item: Message

    @classmethod
    def of(cls, item: Message) -> Said:
        """Return a message in the language in force."""
        said = cls(_language.translator.text(item))
        said.item = item
        return said


class Translator:
    """One language: a catalogue of texts and the locale that writes dates and numbers."""

    def __init__(self, catalogue: Catalogue, locale: QLocale) -> None:
        self._catalogue = catalogue
        self.locale = locale

    @property
    def language(self) -> str:
        """Return the language's two-letter code."""
        return self.locale.name()[:2]

    @property
    def list_separator(self) -> str:
        """Return what a spreadsheet of this language expects between the cells of a CSV file."""
        return ";" if self.locale.decimalPoint() == "," else ","

    def text(self, item: Message) -> str:
        """Return a message in this language."""
        return render(item, self._catalogue, self.value)

    def value(self, value: object) -> str:
        """Return a value of a message as a person of this language writes it."""
        match value:
            case Said():
                written = self.text(value.item)
            case bool():
                written = str(value)
            case int():
                written = self.number(value)
            case float():
                written = self.locale.toString(value, "f", 1)
            case datetime():
                written = self.moment(value)
            case date():
                written = self.day(value)
            case timedelta():
                written = self.duration(value)
            case _:
                written = str(value)
        return written

    def number(self, value: int) -> str:
        """Return a whole number with its thousands set apart."""
        return self.locale.toString(value)

    def percent(self, share: float) -> str:
        """Return a share from 0 to 1 as a whole percentage."""
        return self.text(message("{share}%", share=self.locale.toString(round(share * 100))))

    def moment(self, moment: datetime, now: datetime | None = None) -> str:
        """Return a moment in local time: the hour alone when it is on the day of ``now``."""
        local = moment.astimezone()
        hour = self.locale.toString(QTime(local.hour, local.minute), "HH:mm")
        if now is not None and local.date() == now.astimezone().date():
            return hour
        same_year = now is not None and local.year == now.astimezone().year
        return f"{self.day(local.date(), year=not same_year)}, {hour}"

    def exact_moment(self, moment: datetime) -> str:
        """Return a moment of the last months in local time to the second, as a journal needs it."""
        local = moment.astimezone()
        hour = self.locale.toString(QTime(local.hour, local.minute, local.second), "HH:mm:ss")
        return f"{self.day(local.date(), year=False)}, {hour}"

    def day(self, day: date, *, year: bool = True, whole: bool = False) -> str:
        """Return a date, the month in letters; ``whole`` writes it out."""
        month = "MMMM" if whole else "MMM"
        shape = f"d {month} yyyy" if year else f"d {month}"
        return self.locale.toString(QDate(day.year, day.month, day.day), shape)

    def duration(self, length: timedelta) -> str:
        """Return a length of time in its one or two largest units."""
        minutes = max(1, round(length.total_seconds() / 60))
        hours, minutes = divmod(minutes, 60)
        days, hours = divmod(hours, 24)
        if days:
            return self.text(message("{days} d {hours} h", days=days, hours=hours))
        if hours:
            return self.text(message("{hours} h {minutes} min", hours=hours, minutes=minutes))
        return self.text(message("{minutes} min", minutes=minutes))


class _Language(QObject):
    """The translator in force, and the fact that it was changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.translator = Translator(gettext.NullTranslations(), home_locale("en"))
        self.qt_texts: QTranslator | None = None


def home_locale(language: str) -> QLocale:
    """Return the system's locale if it speaks the language, else the language's usual one."""
    system = QLocale.system()
    return system if system.name()[:2] == language else QLocale(_HOME_LOCALES[language])


def load_translator(language: str) -> Translator:
    """Return the translator of a language of ``LANGUAGES``; English needs no catalogue."""
    folder = str(resource_path("translations"))
    catalogue = gettext.translation(_CATALOGUE, folder, [language], fallback=language == "en")
    return Translator(catalogue, home_locale(language))


def set_translator(translator: Translator) -> None:
    """Make a language the window's, Qt's own texts included, and announce it."""
    _language.translator = translator
    QLocale.setDefault(translator.locale)
    _exchange_qt_texts(translator.locale)
    _language.changed.emit()


def translator() -> Translator:
    """Return the language in force."""
    return _language.translator


def language_changed() -> _Language:
    """Return the object whose ``changed`` signal announces another language."""
    return _language


def tr(text: str, /, **values: object) -> str:
    """Return an English text, its ``{places}`` filled, in the language in force."""
    return Said.of(Message(text, values))


def tr_n(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Return the wording for a count, which fills ``{count}``, in the language in force."""
    return Said.of(counted(singular, plural, count, **values))


def show(item: Message) -> str:
    """Return a message in the language in force."""
    return Said.of(item)


def joined(*texts: str, by: str = " ") -> str:
    """Return texts one after another as one that can be said in another language as a whole.

    ``by`` stands between them and is the same in every language.
    """
    places = {f"text{place}": text for place, text in enumerate(texts)}
    between = by.replace("{", "{{").replace("}", "}}")
    return Said.of(Message(between.join(f"{{{place}}}" for place in places), places))


def anew(text: str) -> str:
    """Return a text of ``tr``, ``tr_n`` or ``show`` in the language in force now, others as is."""
    return Said.of(text.item) if isinstance(text, Said) else text


def list_separator() -> str:
    """Return what a spreadsheet of this language expects between the cells of a CSV file."""
    return translator().list_separator


class _QtTexts(QTranslator):
    """Qt's own texts, also those that Qt has moved or given a key letter since their translation.

    In Qt 6.11 the Russian catalogue still has “Look in:” and “Folder” where Qt asks for
    “&Look in:” and for “Folder” of QAbstractFileIconProvider.
    """

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Return the translation, as near as there is one; None for none, and Qt asks others."""
        contexts = [context, *(["QFileDialog"] if context == "QAbstractFileIconProvider" else [])]
        spellings = dict.fromkeys((text, text.replace("&", "")))
        for place, spelling in product(contexts, spellings):
            if found := super().translate(place, spelling, disambiguation, n):
                return found
        return None


def _exchange_qt_texts(locale: QLocale) -> None:
    app = QCoreApplication.instance()
    if app is None:
        return
    if _language.qt_texts is not None:
        app.removeTranslator(_language.qt_texts)
        _language.qt_texts = None
    texts = _QtTexts()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if texts.load(locale, "qtbase", "_", folder):
        app.installTranslator(texts)
        _language.qt_texts = texts


_language = _Language()
