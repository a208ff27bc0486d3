"""Measures the first start:
``python -m tests --around python -m tests.benchmarks.first_start``.

On a screen of its own (Xvfb) somebody with a mouse and a keyboard (xdotool) begins on an empty
profile, chooses the rehearsal, drags a list in, and starts a first task. Counted are clicks, keys
and the words that are new on each screen; timed are the waits for the program. The time of a
person is estimated from these: the three steps of the first start are read at 238 words a minute
(Brysbaert, 2019), report and form are skimmed at 450 (Carver, 1992), keys and clicks take their
time by the keystroke-level model (Card, Moran, Newell). The bound is two minutes into the running
task. Where there is a keyring the way over an account of one's own is held to the same bound: what
is measured is the program's part of it, for Telegram's code comes at once.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.end_to_end.first_task import walk
from tests.end_to_end.main_job import PEOPLE
from tests.end_to_end.program import serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.end_to_end.hands import Effort

BOUND = 120.0
"""Seconds."""


def report(title: str, steps: Sequence[Effort]) -> str:
    """Return the figures as a table."""
    head = f"{title:<26} clicks   keys  words  program s  person s"
    lines = [head, *(_line(each.name, [each]) for each in steps), _line("in all", steps)]
    verdict = "kept" if sum(each.seconds for each in steps) <= BOUND else "MISSED"
    lines.append(f"  bound {BOUND:.0f} s: {verdict}")
    return "\n".join(lines)


def _line(name: str, steps: Sequence[Effort]) -> str:
    clicks, keys, words = (
        sum(getattr(step, part) for step in steps) for part in ("clicks", "keys", "words")
    )
    waited, seconds = sum(step.waited for step in steps), sum(step.seconds for step in steps)
    return f"  {name:<24} {clicks:>6} {keys:>6} {words:>6} {waited:>10.1f} {seconds:>9.1f}"


def main() -> int:
    """Print the figures of both ways in both languages."""
    with_keyring = bool(os.environ.get("DBUS_SESSION_BUS_ADDRESS"))
    for language in ("ru", "en"):
        with tempfile.TemporaryDirectory() as folder:
            walked = walk(language, Path(folder), PEOPLE)
        sys.stdout.write(f"{report(language, walked.into_the_task)}\n")
        if with_keyring:
            with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
                walked = walk(language, Path(folder) / "profile", PEOPLE, server.options)
            sys.stdout.write(f"{report(f'{language}, own account', walked.into_the_task)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
