"""A process that refuses because the world does not let it work is opened again, as users do."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from tests.kills.campaign import _ending
from tests.kills.faults import Scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.kills.server import Server
    from tests.kills.worker import Worker


@dataclass
class Told:
    """A process that has said one word and ended."""

    word: str
    begun: list[str] = field(default_factory=list)

    def go(self) -> None:
        self.begun.append(self.word)

    def has_refused(self) -> bool:
        return self.word == "refused"

    def until(self, *words: str) -> dict[str, Any]:
        assert self.word in words
        return {"word": self.word}

    def wait(self) -> None:
        """It has ended already."""


def test_the_work_goes_on_with_a_new_process_until_one_has_ended_it(tmp_path: Path):
    processes = [Told("refused"), Told("refused"), Told("ended")]
    left = iter(processes)
    scene = Scene(
        tmp_path,
        cast("Server", None),
        random.Random(0),
        lambda: cast("Worker", next(left)),
        lambda: None,
    )
    assert _ending(scene) == {"word": "ended"}
    assert all(process.begun for process in processes)
