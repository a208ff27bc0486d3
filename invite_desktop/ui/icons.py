"""One set of line icons, drawn in the colour of the theme."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakSet

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize
from PySide6.QtGui import QAction, QIcon, QImageReader, QPixmap
from shiboken6 import isValid

from invite_desktop.ui.resources import resource_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton

_NAME = "icon_name"
_SIZES = (16, 20, 24, 32)
"""Pixels of what stands in buttons, menus and tabs, on screens of one to two times the density."""


class _Tint:
    """The colours in force; the theme sets them before anything is shown."""

    plain = "#5b6673"
    on_accent = "#ffffff"
    faint = "#848f9c"


_bearers: WeakSet[QAbstractButton | QAction] = WeakSet()
"""Whatever bears an icon of the theme."""


@lru_cache(maxsize=1)
def app_icon() -> QIcon:
    """Return the program's own icon."""
    return QIcon(str(resource_path("icons", "app.svg")))


def icon(name: str) -> QIcon:
    """Return an icon of the set in the theme's colour."""
    return _drawn(name, _Tint.plain)


def picture(name: str, size: int, density: float, colour: str | None = None) -> QPixmap:
    """Return a drawing of the set, so many pixels wide on a screen of a density."""
    drawn = _draw(_drawing(name, colour or _Tint.plain), round(size * density))
    drawn.setDevicePixelRatio(density)
    return drawn


def put_icon(bearer: QAbstractButton | QAction, name: str) -> None:
    """Give a button or action an icon that follows the theme."""
    bearer.setProperty(_NAME, name)
    bearer.setIcon(_icon_for(bearer, name))
    _bearers.add(bearer)


def retint(plain: str, on_accent: str, faint: str) -> None:
    """Draw every icon anew in the theme's colours.

    Only what was given an icon here is looked at: asking every widget of the application for its
    actions meets widgets that are just being destroyed.
    """
    _Tint.plain, _Tint.on_accent, _Tint.faint = plain, on_accent, faint
    for bearer in tuple(_bearers):
        if isValid(bearer):
            retint_one(bearer)


def retint_one(bearer: QAbstractButton | QAction) -> None:
    """Draw the icon of a button or action anew."""
    if name := bearer.property(_NAME):
        bearer.setIcon(_icon_for(bearer, str(name)))


def _icon_for(bearer: QAbstractButton | QAction, name: str) -> QIcon:
    # White on the accent; a button that cannot be pressed has the colour of its faint words.
    return _drawn(name, _Tint.on_accent if bearer.property("primary") else _Tint.plain)


def _drawn(name: str, colour: str) -> QIcon:
    return _drawn_in(name, colour, _Tint.faint)


@lru_cache(maxsize=256)
def _drawn_in(name: str, colour: str, disabled: str) -> QIcon:
    found = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        for size in _SIZES:
            found.addPixmap(_draw(_drawing(name, tint), size), mode)
    return found


def _drawing(name: str, colour: str) -> QByteArray:
    drawing = resource_path("icons", f"{name}.svg").read_bytes()
    return QByteArray(drawing.replace(b"currentColor", colour.encode()))


def _draw(drawing: QByteArray, size: int) -> QPixmap:
    buffer = QBuffer(drawing)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(b"svg"))
    reader.setScaledSize(QSize(size, size))
    return QPixmap.fromImage(reader.read())
