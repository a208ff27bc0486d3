"""Finds texts in the code that a person sees and that no translation reaches."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.architecture.catalogue import KEYWORDS, PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SHOWING = {
    "QAction",
    "QCheckBox",
    "QCommandLinkButton",
    "QGroupBox",
    "QLabel",
    "QMenu",
    "QPushButton",
    "QRadioButton",
    "QToolButton",
    "addAction",
    "addButton",
    "addItem",
    "addItems",
    "addMenu",
    "addRow",
    "addTab",
    "insertItem",
    "insertTab",
    "setAccessibleDescription",
    "setAccessibleName",
    "setDetailedText",
    "setFormat",
    "setHeaderLabels",
    "setHorizontalHeaderLabels",
    "setInformativeText",
    "setPlaceholderText",
    "setPlainText",
    "setPrefix",
    "setStatusTip",
    "setSuffix",
    "setTabText",
    "setText",
    "setTitle",
    "setToolTip",
    "setWhatsThis",
    "setWindowTitle",
    "showMessage",
}
"""Calls of Qt whose texts are shown."""

_PRINTING = {"print", "write", "add_argument", "add_parser", "ArgumentParser"}
_SHOWN_KEYWORDS = {"help", "description", "epilog", "title", "text", "windowTitle", "toolTip"}
_FREE_OF_LANGUAGE = {"rehearsal/__main__.py"}
"""A tool of developers, in English."""

_WORD_MAKERS = {"domain/messages.py", "ui/translations.py"}
"""Here the calls for translation are made themselves, out of one another."""

_ADDRESS = re.compile(r"@\w+|\S+/\S+")
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code and what is wrong there."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"invite_desktop/{self.file}:{self.line}: {self.text}"


def untranslated() -> Iterator[Place]:
    """Yield literal texts that are handed straight to a widget or to the terminal."""
    for path, call in _calls():
        name, folder = _name(call), path.relative_to(PACKAGE).parts[0]
        if folder == "ui" and name in _SHOWING:
            shown = [*call.args, *(word.value for word in call.keywords)]
        elif folder in ("ui", "app") and name in (*_SHOWING, *_PRINTING):
            shown = [word.value for word in call.keywords if word.arg in _SHOWN_KEYWORDS]
            shown += call.args if name == "print" else []
        else:
            continue
        yield from (_place(path, text) for part in shown for text in _texts(part))


def uncollectable() -> Iterator[Place]:
    """Yield calls for translation whose text is not written out where they stand."""
    for path, call in _calls():
        if _name(call) not in KEYWORDS or path.relative_to(PACKAGE).as_posix() in _WORD_MAKERS:
            continue
        texts = call.args[: 2 if _name(call) in ("counted", "tr_n") else 1]
        if not texts or not all(_is_literal(text) for text in texts):
            yield _place(path, call)


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.relative_to(PACKAGE).as_posix() in _FREE_OF_LANGUAGE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def _name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _texts(part: ast.expr) -> Iterator[ast.expr]:
    """Yield the literals with words in an expression, not looking into the calls in it."""
    if isinstance(part, ast.Constant):
        if isinstance(part.value, str) and _LETTERS.search(_ADDRESS.sub("", part.value)):
            yield part
    elif not isinstance(part, ast.Call):
        for child in ast.iter_child_nodes(part):
            if isinstance(child, ast.expr):
                yield from _texts(child)


def _is_literal(text: ast.expr) -> bool:
    return isinstance(text, ast.Constant) and isinstance(text.value, str)


def _place(path: Path, node: ast.expr) -> Place:
    return Place(path.relative_to(PACKAGE).as_posix(), node.lineno, ast.unparse(node))
