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
    from types import TracebackType

Change = tuple[Any, ...]
"""The name of a change, then its values; all of them fit into JSON."""

_TOGETHER = "together"
"""The name on a line that holds several changes: all of them happened, or none."""


class Changes:
    """The door through which every change goes: applied first, then written.

    Without a file the state lives in memory only. ``with changes:`` writes all that changes inside
    as one line, so that a kill leaves either all of it or nothing; what is to be told of it waits
    in ``afterwards``.
    """

    def __init__(self) -> None:
        self._appliers: dict[str, Callable[..., Any]] = {}
        self._dumps: list[Callable[[], Iterable[Change]]] = []
        self._witnesses: list[Callable[[str, Sequence[Any]], None]] = []
        self._file: LineFile | None = None
        self._depth = 0
        self._together: list[Change] = []
        self._afterwards: list[Callable[[], None]] = []

    def __enter__(self) -> None:
        """Begin to collect changes that belong together; there may be several inside each other."""
        self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write what was collected, whatever ended it: it has been applied already."""
        self._depth -= 1
        if self._depth:
            return
        if collected := self._together:
            self._together = []
            self._write(collected[0] if len(collected) == 1 else (_TOGETHER, *collected))
        steps, self._afterwards = self._afterwards, []
        for step in steps:
            step()

    def afterwards(self, step: Callable[[], None]) -> None:
        """Do something once the changes that are being collected are written, else now."""
        if self._depth:
            self._afterwards.append(step)
        else:
            step()

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
        if self._file is None:
            return result
        if self._depth:
            self._together.append((name, *values))
        else:
            self._write((name, *values))
        return result

    def open(self, path: Path) -> None:
        """Read the changes of an earlier run, shorten the file, and write to it from now on."""
        if path.exists():
            for name, *values in _changes(path):
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

    def _write(self, change: Change) -> None:
        if self._file is not None:
            self._file.write(json_line(change))

    def _apply(self, name: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - as the applier answers
        result = self._appliers[name](*values)
        for witness in self._witnesses:
            witness(name, values)
        return result


def _changes(path: Path) -> Iterator[list[Any]]:
    """Yield the changes one by one; a last line torn by a kill is left out."""
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            change = json.loads(line)
            if change[0] == _TOGETHER:
                yield from change[1:]
            else:
                yield change
