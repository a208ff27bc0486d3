"""The visual language: both themes can be read, and the system's wish is followed."""

from __future__ import annotations

from dataclasses import asdict
from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QFontDatabase
from PySide6.QtWidgets import QComboBox

from invite_desktop.ui.icons import icon
from invite_desktop.ui.resources import resource_path
from invite_desktop.ui.theme import (
    CONTRAST,
    DARK,
    LIGHT,
    ThemeChoice,
    colours,
    set_theme,
    theme_changed,
    theme_choice,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.theme import Colours

GROUNDS = ("window", "surface")
READ_ON = [
    ("text", "window"),
    ("text", "surface"),
    ("text", "accent_soft"),
    ("text", "warn_soft"),
    ("muted", "window"),
    ("muted", "surface"),
    ("muted", "neutral_soft"),
    ("hint", "field"),
    ("accent", "surface"),
    ("accent", "accent_soft"),
    ("accent_text", "accent"),
    ("good", "good_soft"),
    ("warn", "warn_soft"),
    ("warn", "window"),
    ("bad", "bad_soft"),
    ("bad", "window"),
    ("band_text", "band"),
]


def luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(QColor(each)) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("theme", "pair"), list(product((LIGHT, DARK), READ_ON)))
def test_text_has_the_contrast_of_wcag_aa(theme: Colours, pair: tuple[str, str]):
    values = asdict(theme)
    assert contrast(*(values[name] for name in pair)) >= 4.5


@pytest.mark.parametrize(("theme", "ground"), list(product((LIGHT, DARK, CONTRAST), GROUNDS)))
def test_what_cannot_be_used_can_be_read_all_the_same(theme: Colours, ground: str):
    assert contrast(theme.faint, getattr(theme, ground)) >= 3


@pytest.mark.parametrize("pair", READ_ON)
def test_high_contrast_has_that_of_wcag_aaa(pair: tuple[str, str]):
    values = asdict(CONTRAST)
    assert contrast(*(values[name] for name in pair)) >= 7


def test_high_contrast_can_be_chosen(qapp: QApplication):
    set_theme(ThemeChoice.CONTRAST)
    assert colours() is CONTRAST


def test_the_choice_is_kept_and_announced(qtbot: QtBot):
    with qtbot.waitSignal(theme_changed().changed):
        set_theme(ThemeChoice.DARK)
    assert theme_choice() is ThemeChoice.DARK
    assert colours() is DARK


def test_every_icon_can_be_drawn(qapp: QApplication):
    for drawing in resource_path("icons").glob("*.svg"):
        picture = icon(drawing.stem).pixmap(24, 24).toImage()
        shown = any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24))
        assert shown, drawing.stem


def test_there_are_letters_for_russian(qapp: QApplication):
    assert QFontDatabase.families(QFontDatabase.WritingSystem.Cyrillic)


@pytest.mark.parametrize("entries", [1, 3, 12])
def test_the_list_of_a_choice_shows_all_entries_when_first_opened(qtbot: QtBot, entries: int):
    set_theme(ThemeChoice.LIGHT)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems([f"entry {number}" for number in range(entries)])
    box.setCurrentIndex(entries // 2)
    box.show()
    box.showPopup()
    shown = box.view().viewport().rect()
    places = [box.view().visualRect(box.model().index(row, 0)) for row in range(entries)]
    box.hidePopup()
    assert all(shown.contains(place) for place in places)
