"""The log of a profile: rotating files in which no person and no secret can be found."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from invite_desktop.app.redaction import describe, redact

if TYPE_CHECKING:
    from collections.abc import Callable

    from invite_desktop.app.paths import Profile

_SIZE = 1_000_000
_KEPT = 5
_CHATTY = ("telethon", "asyncio", "qasync", "peewee", "keyring")
"""At INFO or below they tell of every packet, query and address."""


class RedactingFormatter(logging.Formatter):
    """Writes a record as time (ISO 8601, UTC), level, name and text without personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the cleaned line, with the trace of the record's exception below it.

        Nothing of ``record.exc_text`` is used: another handler may have left a full trace there.
        """
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = f"{moment} {record.levelname} {record.name}: {redact(record.getMessage())}"
        if record.exc_info and record.exc_info[1] is not None:
            line = f"{line}\n{describe(record.exc_info[1])}"
        return line


def start_logging(profile: Profile, level: int = logging.INFO) -> Callable[[], None]:
    """Write everything from a level on to the profile's log; return the call that ends it.

    At most six files of one megabyte are kept.
    """
    handler = RotatingFileHandler(
        profile.logs / "invite-desktop.log",
        maxBytes=_SIZE,
        backupCount=_KEPT,
        encoding="utf-8",
        delay=True,
    )
    handler.setFormatter(RedactingFormatter())
    root = logging.getLogger()
    root.setLevel(level)
    root.addHandler(handler)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))

    def stop() -> None:
        root.removeHandler(handler)
        handler.close()

    return stop
