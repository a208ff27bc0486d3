"""Small parts of the visual language: labels with a role, buttons, cards, empty states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from invite_desktop.ui.icons import picture, put_icon, retint_one
from invite_desktop.ui.notices import refusal_text
from invite_desktop.ui.theme import LONGEST_LINE, Space, Tone, theme_changed, tone_colours
from invite_desktop.ui.translations import anew, language_changed
from invite_desktop.ui.widgets.layouts import line

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from invite_desktop.domain.errors import KnownError


_KEY_ROOM = 2
"""Pixels by which words with an underlined key are drawn wider than Qt measures them."""


class Label(QLabel):
    """Says its text anew in another language, if all of it came from the translations."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        language_changed().changed.connect(self._say_anew)

    def setText(self, text: str) -> None:  # noqa: N802 - overrides Qt
        """Write a text, and remember what it says."""
        self._said = text
        super().setText(text)

    def clear(self) -> None:
        """Write nothing."""
        self.setText("")

    def sizeHint(self) -> QSize:
        """Return the size at which no letter is cut."""
        return super().sizeHint() + self._for_the_key

    def minimumSizeHint(self) -> QSize:
        """Return the smallest size."""
        return super().minimumSizeHint() + self._for_the_key

    @property
    def _for_the_key(self) -> QSize:
        # Qt draws words with a key in three parts and begins each at a whole pixel.
        return QSize(0 if self.buddy() is None else _KEY_ROOM, 0)

    def _say_anew(self) -> None:
        before, now = self._said, anew(self._said)
        if now != before:
            self.setText(now)
            if self.accessibleName() == before:
                self.setAccessibleName(now)


class Button(QPushButton):
    """Says its text anew in another language, if all of it came from the translations.

    Enter presses it when it has the keyboard, in dialogs as well, where no button is the default
    that Enter would press from another field.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        language_changed().changed.connect(self._say_anew)

    def setText(self, text: str) -> None:  # noqa: N802 - overrides Qt
        """Write a text, and remember what it says."""
        self._said = text
        super().setText(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the button that has the keyboard, as the space bar does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _say_anew(self) -> None:
        now = anew(self._said)
        if now != self._said:
            self.setText(now)


def label(role: str = "", *, wrapped: bool = False) -> Label:
    """Make a label of plain text with a role of the style sheet."""
    made = Label()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrapped)
    return made


def button(icon_name: str = "", *, primary: bool = False) -> Button:
    """Make a push button; the primary one is the screen's main step."""
    made = Button()
    made.setProperty("primary", primary)
    made.setAutoDefault(False)
    if icon_name:
        put_icon(made, icon_name)
    return made


def emphasise(made: QPushButton, *, primary: bool) -> None:
    """Make a button the screen's main step, or one among the others."""
    if made.property("primary") is not primary:
        made.setProperty("primary", primary)
        dress(made)
        retint_one(made)


def dress(widget: QWidget) -> None:
    """Let the style sheet look anew at what a widget's properties say."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def frame(role: str) -> QFrame:
    """Make a frame with a role of the style sheet."""
    made = QFrame()
    made.setProperty("role", role)
    return made


class FieldError(QLabel):
    """What is wrong with a field, right under it; takes no room while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "error")
        self.setWordWrap(True)
        self._said = ""
        self._refusal: KnownError | None = None
        language_changed().changed.connect(self._say_anew)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self._refusal, self._said = None, text
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def refuse(self, error: KnownError) -> None:
        """Show a refusal with its next step."""
        self.say(refusal_text(error))
        self._refusal = error

    def clear(self) -> None:
        """Show nothing."""
        self.say("")

    def _say_anew(self) -> None:
        if self._refusal is not None:
            self.refuse(self._refusal)
        else:
            self.say(anew(self._said))


class Sign(QLabel):
    """A drawing of the icons' set in the colour of a tone, in every theme."""

    def __init__(self, icon_name: str, tone: Tone, size: int) -> None:
        super().__init__()
        self._drawn = (icon_name, size)
        self._tone = tone
        theme_changed().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        colour, _ = tone_colours(self._tone)
        self.setPixmap(picture(*self._drawn, self.devicePixelRatioF(), colour.name()))


class EmptyState(QWidget):
    """What stands where nothing is yet: a picture, what this place is for, and the next step."""

    acted = Signal()

    def __init__(self, icon_name: str, action_icon: str = "") -> None:
        super().__init__()
        self._icon_name = icon_name
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._headline = label("heading", wrapped=True)
        self._words = label("muted", wrapped=True)
        self._action = button(action_icon, primary=True)
        self._action.clicked.connect(self.acted)
        self._lay_out()
        theme_changed().changed.connect(self._draw)
        self._draw()

    @property
    def text(self) -> str:
        """Return what is said here."""
        return f"{self._headline.text()} {self._words.text()}".strip()

    def say(self, headline: str, words: str, action: str = "") -> None:
        """Set the texts; without an action there is no button."""
        self._headline.setText(headline)
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))

    def _draw(self) -> None:
        self._picture.setPixmap(picture(self._icon_name, 48, self.devicePixelRatioF()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setSpacing(Space.SMALL)
        column.addStretch(2)
        for part in (self._picture, self._headline, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignCenter)
            part.setMaximumWidth(LONGEST_LINE)
            row = line(None, part, None)
            row.setStretch(1, 1_000)  # the room beside the words is what they cannot use
            column.addLayout(row)
        self._words.setMinimumWidth(360)
        column.addSpacing(Space.SMALL)
        column.addWidget(self._action, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addStretch(3)


class NumberWithCaption(QVBoxLayout):
    """A number over what it counts, for a tile to hold."""

    def __init__(self) -> None:
        super().__init__()
        self.number = label("number")
        self.caption = label("small")
        self.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        self.setSpacing(0)
        # A tile beside a higher one keeps the caption under its number.
        self.addStretch(1)
        for part in (self.number, self.caption):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self.addWidget(part)
        self.addStretch(1)

    def say(self, number: str, caption: str) -> str:
        """Set both, and return them in the order in which they are read out."""
        self.number.setText(number)
        self.caption.setText(caption)
        return f"{caption}: {number}"


class Tile(QFrame):
    """One number with what it counts."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "tile")
        self._words = NumberWithCaption()
        self.setLayout(self._words)
        self.setSizePolicy(QSizePolicy.Policy.MinimumExpanding, QSizePolicy.Policy.Fixed)

    @property
    def number(self) -> str:
        """Return the number as it is shown."""
        return self._words.number.text()

    def say(self, number: str, caption: str) -> None:
        """Set the number and its caption."""
        self.setAccessibleName(self._words.say(number, caption))
