"""Every change of the state, kept as a line on disk before anybody is told of it.

The scenery (accounts, chats, scripted people) is built by code at every start; what happens
afterwards goes through ``commit`` and comes back by reading the lines again. On start the lines are
written anew in their shortest form.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

from invite_desktop.rehearsal.line_file import LineFile, json_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

Change = tuple[Any, ...]
"""The name of a change, then its values; all of them fit into JSON."""


class Changes:
    """The door through which every change goes: applied first, then written.

    Without a file the state lives in memory only.
    """

    def __init__(self) -> None:
        self._appliers: dict[str, Callable[..., Any]] = {}
        self._dumps: list[Callable[[], Iterable[Change]]] = []
        self._witnesses: list[Callable[[str, Sequence[Any]], None]] = []
        self._file: LineFile | None = None

    def keep(
        self,
        appliers: dict[str, Callable[..., Any]],
        dump: Callable[[], Iterable[Change]],
    ) -> None:
        """Let a part of the state take part: how it applies changes, how it lists its own.

        Raises ValueError if a name of a change is taken.
        """
        if taken := self._appliers.keys() & appliers.keys():
            raise ValueError(f"two parts of the state have changes called {sorted(taken)}")
        self._appliers.update(appliers)
        self._dumps.append(dump)

    def watch(self, witness: Callable[[str, Sequence[Any]], None]) -> None:
        """Tell somebody of every applied change, those read from disk included."""
        self._witnesses.append(witness)

    def commit(self, name: str, *values: Any) -> Any:  # noqa: ANN401 - as the applier answers
        """Apply a change, write it, and return what applying it gave."""
        result = self._apply(name, values)
        if self._file is not None:
            self._file.write(json_line((name, *values)))
        return result

    def open(self, path: Path) -> None:
        """Read the changes of an earlier run, shorten the file, and write to it from now on."""
        if path.exists():
            for name, *values in _lines(path):
                self._apply(name, values)
        fresh = path.with_suffix(".new")
        with fresh.open("wb") as file:
            for dump in self._dumps:
                file.writelines(json_line(change) for change in dump())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        self._file = LineFile(path)

    def flush(self) -> None:
        """Make what was written safe from a kill of the process."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Write no more."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _apply(self, name: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - as the applier answers
        result = self._appliers[name](*values)
        for witness in self._witnesses:
            witness(name, values)
        return result


def _lines(path: Path) -> Iterator[list[Any]]:
    """Yield the changes; a last line torn by a kill is left out."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield json.loads(line)
