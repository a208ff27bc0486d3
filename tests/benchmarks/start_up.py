"""Measures the start: ``python -m tests.benchmarks.start_up [ROUNDS]``.

Timed from outside, from the start of the process to the first paint of the window (both write a
line at that moment), so that the interpreter's own start counts too. An empty window of QtWidgets
is measured in turn with the program, as the least that any program of this kind needs. The bound
is 1.5 times that, plus half a second. On a machine that is at work with something else the times
say little; the processor time, measured beside them, still tells what the start costs.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PATIENCE = 60.0
"""Seconds after which a start counts as failed."""

TIMES, PLUS = 1.5, 0.5
"""The bound: so many times the start of an empty window, plus so many seconds."""

EMPTY_WINDOW = """
import time

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def event(self, happened):
        done = super().event(happened)
        if happened.type() == QEvent.Type.Paint:
            print('{"painted": true, "processor": %.3f}' % time.process_time(), flush=True)
            QApplication.quit()
        return done

application = QApplication([])
window = Window()
window.show()
application.exec()
"""


class DidNotStartError(Exception):
    """The window was not painted; the words say what the process said instead."""


@dataclass(frozen=True, slots=True)
class StartUp:
    """The times of one program, in seconds, in the order in which they were measured."""

    name: str
    times: Sequence[float]
    processor: Sequence[float] = (0.0,)

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def __str__(self) -> str:
        low, high = min(self.times), max(self.times)
        cost = statistics.median(self.processor)
        return (
            f"{self.name:<28} {self.median:6.2f} s   ({low:.2f} to {high:.2f}), "
            f"processor {cost:.2f} s"
        )


def bound(empty: StartUp) -> float:
    """Return how long the program's start may take, in seconds."""
    return TIMES * empty.median + PLUS


def is_kept(empty: StartUp, program: StartUp) -> bool:
    """Return whether the start is quick enough, by the clock or at least by the processor."""
    cost, least = statistics.median(program.processor), statistics.median(empty.processor)
    return program.median <= bound(empty) or cost <= TIMES * least + PLUS


def first_paint(command: Sequence[str]) -> tuple[float, float]:
    """Start a program; return the seconds until its first line, by the clock and the processor.

    The line is JSON and says itself what it took of the processor's time: a glance from outside
    comes late on a busy machine, and the program is at work again by then. Raises DidNotStart.
    """
    started = time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        painted = time.perf_counter() - started
        try:
            _, complaints = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise DidNotStartError("the program did not end after its first paint") from None
    if not line or process.returncode != 0:
        raise DidNotStartError(complaints.decode(errors="replace").strip() or "no first paint")
    return painted, float(json.loads(line)["processor"])


def compare(rounds: int) -> tuple[StartUp, StartUp]:
    """Return the start-up of the empty window and of the program, measured in turn."""
    with tempfile.TemporaryDirectory() as profile:
        empty = [sys.executable, "-c", EMPTY_WINDOW]
        program = [
            *(sys.executable, "-m", "invite_desktop", "--profile", profile),
            *("--rehearsal", "--measure-start"),
        ]
        # The first start compiles modules and makes the profile: no later one does.
        first_paint(empty), first_paint(program)
        pairs = [(first_paint(empty), first_paint(program)) for _ in range(rounds)]
    bare, full = zip(*pairs, strict=True)
    return (
        StartUp("empty window of QtWidgets", *zip(*bare, strict=True)),
        StartUp("invite-desktop --rehearsal", *zip(*full, strict=True)),
    )


def main(given: Sequence[str]) -> int:
    """Print both medians, their ratio and the bound."""
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rounds = int(given[0]) if given else 5
    try:
        empty, program = compare(rounds)
    except DidNotStartError as error:
        sys.stderr.write(f"The start cannot be measured: {error}\n")
        return 1
    platform = os.environ.get("QT_QPA_PLATFORM", "the usual screen")
    sys.stdout.write(
        f"Start of the process to first paint, median of {rounds}, on {platform}:\n"
        f"{empty}\n{program}\nratio {program.median / empty.median:.1f}, bound "
        f"{TIMES} x {empty.median:.2f} s + {PLUS} s = {bound(empty):.2f} s: "
        f"{'kept' if is_kept(empty, program) else 'NOT KEPT'}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
