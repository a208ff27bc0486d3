"""Telethon's log: the wording of its warnings, never the values in them."""

from __future__ import annotations

import logging
from typing import Self


class LibraryLog(logging.Logger):
    """A logger for Telethon that drops arguments and tracebacks, and alarms nobody.

    Its warnings may quote whole requests, and with them names, phones and texts. Whatever goes
    wrong comes back as an outcome and is judged there; here it is information.
    """

    def __init__(self, parent: logging.Logger) -> None:
        super().__init__(f"{parent.name}.telethon", logging.WARNING)
        self.parent = parent

    def getChild(self, suffix: str) -> Self:  # noqa: ARG002, N802 - overrides logging.Logger
        """Return the logger itself: every module of Telethon shares its rule."""
        return self

    def handle(self, record: logging.LogRecord) -> None:
        """Pass a record on without anything but its wording and the class of its error."""
        record.args = ()
        record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
        if record.exc_info:
            error = record.exc_info[0]
            record.msg = f"{record.msg} [{error.__name__ if error else '-'}]"
            record.exc_info = None
            record.exc_text = None
        super().handle(record)
