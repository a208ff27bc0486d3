"""QR codes as they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import segno
from PySide6.QtGui import QColor

from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.widgets.qr_code import QrPicture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

LINK = "tg://login?token=" + "Ab3-_" * 9
BLACK, WHITE = QColor("black"), QColor("white")


def drawn(qtbot: QtBot, text: str) -> QImage:
    picture = QrPicture()
    qtbot.addWidget(picture)
    picture.show_text(text)
    picture.resize(picture.sizeHint())
    return picture.grab().toImage()


def modules_of(image: QImage, count: int) -> list[list[bool]]:
    """Read a picture back: where the dark square begins, and each module by its middle."""
    side = image.width()
    dark = [x for x in range(side) for y in range(side) if image.pixelColor(x, y) == BLACK]
    start, end = min(dark), max(dark) + 1
    module = (end - start) / count
    assert module == int(module), "modules are whole pixels"
    places = [start + int(module * (place + 0.5)) for place in range(count)]
    return [[image.pixelColor(x, y) == BLACK for x in places] for y in places]


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_every_module_is_where_it_belongs(qtbot: QtBot, theme: ThemeChoice):
    set_theme(theme)
    code = segno.make_qr(LINK, error="m")
    expected = [[bool(module) for module in row] for row in code.matrix]
    assert modules_of(drawn(qtbot, LINK), len(expected)) == expected


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_nothing_but_black_and_white_is_near_the_code(qtbot: QtBot, theme: ThemeChoice):
    set_theme(theme)
    image = drawn(qtbot, LINK)
    inside = range(10, image.width() - 10)
    colours = {image.pixelColor(x, y).name() for x in inside for y in inside}
    assert colours == {BLACK.name(), WHITE.name()}


def test_without_a_text_there_is_nothing_to_scan(qtbot: QtBot):
    image = drawn(qtbot, "")
    assert image.pixelColor(image.width() // 2, image.height() // 2) == WHITE
