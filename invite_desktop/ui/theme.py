"""The one visual language: spacing, type scale, colours with a meaning, light and dark."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from invite_desktop.ui import icons
from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.translations import tr


class Space:
    """Distances in pixels; everything stands on multiples of four."""

    HAIR = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    WIDE = 24


LONGEST_LINE = 640
"""Pixels; a longer line of text is harder to read."""


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Sizes of letters as multiples of the system's own."""

    small: float = 0.92
    heading: float = 1.18
    title: float = 1.5


class Tone(StrEnum):
    """What a colour says: nothing, under way, done, take care, went wrong."""

    QUIET = "quiet"
    ACTIVE = "active"
    GOOD = "good"
    CARE = "care"
    BAD = "bad"


class ThemeChoice(StrEnum):
    """What the user can choose in the View menu."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour by its role; ``_soft`` is the background on which the colour is written."""

    window: str
    surface: str
    field: str
    border: str
    scroll: str
    text: str
    muted: str
    hint: str
    faint: str
    accent: str
    accent_strong: str
    accent_soft: str
    accent_text: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    neutral_soft: str
    band: str
    band_text: str


LIGHT = Colours(
    window="#f3f5f8",
    surface="#ffffff",
    field="#ffffff",
    border="#d5dbe3",
    scroll="#c3cbd5",
    text="#1a222c",
    muted="#5b6673",
    hint="#667280",
    faint="#848f9c",
    accent="#1a65b0",
    accent_strong="#134f8c",
    accent_soft="#dfecf9",
    accent_text="#ffffff",
    good="#1c7a45",
    good_soft="#ddf2e5",
    warn="#8a5a00",
    warn_soft="#fdf0d2",
    bad="#b3261e",
    bad_soft="#fbe3e1",
    neutral_soft="#e8ecf1",
    band="#7a4bc4",
    band_text="#ffffff",
)

DARK = Colours(
    window="#161b22",
    surface="#1e252e",
    field="#171d25",
    border="#343e4a",
    scroll="#465261",
    text="#e7ecf2",
    muted="#a9b4c0",
    hint="#8b97a4",
    faint="#778390",
    accent="#63aef2",
    accent_strong="#86c2f7",
    accent_soft="#22384f",
    accent_text="#0c1722",
    good="#67cf94",
    good_soft="#1c3a2a",
    warn="#edba56",
    warn_soft="#3d3118",
    bad="#ff8f86",
    bad_soft="#472525",
    neutral_soft="#2b343f",
    band="#533091",
    band_text="#f3ecff",
)

CONTRAST = Colours(
    window="#000000",
    surface="#000000",
    field="#000000",
    border="#ffffff",
    scroll="#ffffff",
    text="#ffffff",
    muted="#e8e8e8",
    hint="#b8b8b8",
    faint="#949494",
    accent="#ffe14d",
    accent_strong="#ffffff",
    accent_soft="#504800",
    accent_text="#000000",
    good="#6dff9c",
    good_soft="#00300f",
    warn="#ffc04d",
    warn_soft="#332100",
    bad="#ffa8a0",
    bad_soft="#400a06",
    neutral_soft="#262626",
    band="#4a00a8",
    band_text="#ffffff",
)

_TYPE = TypeScale()


class _Theme(QObject):
    """The theme in force, and the fact that it was changed."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice = ThemeChoice.SYSTEM
        self.colours = LIGHT
        self.base_points = 0.0
        self.follows_system = False

    def system_changed(self) -> None:
        """Follow the system when that is the choice."""
        if self.choice is ThemeChoice.SYSTEM:
            set_theme(ThemeChoice.SYSTEM)


def colours() -> Colours:
    """Return the colours in force."""
    return _theme.colours


def theme_choice() -> ThemeChoice:
    """Return what the user chose."""
    return _theme.choice


def theme_words(choice: ThemeChoice) -> str:
    """Return what to call a theme."""
    return {
        ThemeChoice.SYSTEM: tr("As the system"),
        ThemeChoice.LIGHT: tr("Light"),
        ThemeChoice.DARK: tr("Dark"),
        ThemeChoice.CONTRAST: tr("High contrast"),
    }[choice]


def theme_changed() -> _Theme:
    """Return the object whose ``changed`` signal announces another theme."""
    return _theme


def tone_colours(tone: Tone) -> tuple[QColor, QColor]:
    """Return the colour of writing and of background for a tone."""
    now = colours()
    front, back = {
        Tone.QUIET: (now.muted, now.neutral_soft),
        Tone.ACTIVE: (now.accent, now.accent_soft),
        Tone.GOOD: (now.good, now.good_soft),
        Tone.CARE: (now.warn, now.warn_soft),
        Tone.BAD: (now.bad, now.bad_soft),
    }[tone]
    return QColor(front), QColor(back)


def set_theme(choice: ThemeChoice) -> None:
    """Dress the whole application; needs the QApplication."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("a theme needs the application")
    _theme.choice = choice
    _theme.colours = _colours_of(choice)
    if not _theme.base_points:
        _theme.base_points = max(app.font().pointSizeF(), 9.0)
        app.setStyle("Fusion")
    if not _theme.follows_system:
        _theme.follows_system = True
        QGuiApplication.styleHints().colorSchemeChanged.connect(_theme.system_changed)
    app.setPalette(_palette(_theme.colours))
    app.setStyleSheet(_style_sheet(_theme.colours, _theme.base_points))
    now = _theme.colours
    icons.retint(now.muted, now.accent_text, now.faint)
    _theme.changed.emit()


def _colours_of(choice: ThemeChoice) -> Colours:
    if choice is ThemeChoice.CONTRAST:
        return CONTRAST
    if choice is ThemeChoice.SYSTEM:
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def _palette(now: Colours) -> QPalette:
    palette = QPalette()
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    for each, colour in (
        (role.Window, now.window),
        (role.WindowText, now.text),
        (role.Base, now.field),
        (role.AlternateBase, now.window),
        (role.Text, now.text),
        (role.PlaceholderText, now.hint),
        (role.Button, now.surface),
        (role.ButtonText, now.text),
        (role.BrightText, now.bad),
        (role.Highlight, now.accent),
        (role.HighlightedText, now.accent_text),
        (role.Accent, now.accent),
        (role.Link, now.accent),
        (role.LinkVisited, now.accent),
        (role.ToolTipBase, now.text),
        (role.ToolTipText, now.surface),
        (role.Mid, now.border),
    ):
        palette.setColor(each, QColor(colour))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, each, QColor(now.faint))
    return palette


def _style_sheet(now: Colours, points: float) -> str:
    shade = "light" if now is LIGHT else "dark" if now is DARK else "contrast"
    sheet = Template(resource_path("style", "window.qss").read_text(encoding="utf-8"))
    return sheet.substitute(
        asdict(now),
        arrow=resource_path("style", f"arrow_{shade}.svg").as_posix(),
        tick=resource_path("style", f"tick_{shade}.svg").as_posix(),
        small_pt=f"{points * _TYPE.small:.1f}",
        heading_pt=f"{points * _TYPE.heading:.1f}",
        title_pt=f"{points * _TYPE.title:.1f}",
    )


_theme = _Theme()
