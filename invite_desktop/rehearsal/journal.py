"""The log that tells outsiders what happened: one JSON line a request, or a deed of people's."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from invite_desktop.rehearsal.line_file import LineFile, json_line

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.rehearsal.chats import Chat
    from invite_desktop.rehearsal.people import Person


class Journal:
    """Every executed request that changed something; a refused one changed nothing.

    A line has ``time`` (the world's, ISO 8601), ``method``, ``account`` (its phone), and what the
    method needs: ``chat``, ``users`` with their ``result``, ``to``, ``random_id``, ``text``. What
    people do of themselves stands there too, as "people.read", "people.answer", "people.opt_out"
    and "people.leave", with the ``person``.
    """

    def __init__(self, path: Path | None) -> None:
        self._file: LineFile | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = LineFile(path)

    def write(self, now: int, method: str, account: Person | None, **details: Any) -> None:  # noqa: ANN401 - JSON values
        """Append one line; ``now`` is unix time of the world."""
        if self._file is None:
            return
        phone = account.phone if account else None
        line = {"time": _iso_time(now), "method": method, "account": phone, **details}
        self._file.write(json_line(line))

    def flush(self) -> None:
        """Make what was written safe from a kill of the process."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Write no more."""
        if self._file is not None:
            self._file.close()
            self._file = None


@lru_cache(maxsize=1)
def _iso_time(now: int) -> str:
    return datetime.fromtimestamp(now, UTC).isoformat()


def describe_person(person: Person, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
    """Return a person as the log names her."""
    return {"id": person.id, "username": person.username, "phone": person.phone, **more}


def describe_chat(chat: Chat) -> dict[str, Any]:
    """Return a chat as the log names it."""
    return {"id": chat.id, "username": chat.username, "title": chat.title}
