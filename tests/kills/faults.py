"""What strikes the program while it works: one class a variant, one call a round."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from tests.kills.power import Recording
from tests.kills.server import CONTACTS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from tests.kills.server import Server
    from tests.kills.worker import Worker

LONGEST = 0.8
"""Real seconds of undisturbed work before a fault."""

BUSY, LONG_BUSY = 1.0, 6.0
"""Real seconds for which another process holds the database; the program waits five."""

ONE_IN = 8
"""So seldom comes the long wait."""


@dataclass(slots=True)
class Scene:
    """Where a fault strikes. ``start`` gives a process that has not begun to work yet."""

    database: Path
    server: Server
    chance: random.Random
    start: Callable[[], Worker]
    be_slow: Callable[[], None]
    worker: Worker | None = None

    def working(self) -> Worker:
        """Return the process at work; a new one when there is none."""
        if self.worker is None or self.worker.has_refused():
            self.worker = self.start()
            self.worker.go()
        return self.worker

    def pass_time(self, longest: float = LONGEST) -> bool:
        """Let the program work for a while; False when it has ended meanwhile."""
        deadline = time.monotonic() + self.chance.uniform(0, longest)
        while (alive := self.working().is_alive()) and time.monotonic() < deadline:
            time.sleep(0.001)
        return alive

    def kill(self) -> None:
        """Kill the process, which leaves none."""
        if self.worker is not None:
            self.worker.kill()
            self.worker = None


class Fault(Protocol):
    """One variant of the bench."""

    def strike(self, scene: Scene) -> None:
        """Strike once, at a random moment."""
        ...


class Kill:
    """SIGKILL."""

    def strike(self, scene: Scene) -> None:
        """Kill the process at any moment of its life."""
        scene.pass_time()
        scene.kill()


class Drop:
    """Connections break: each account's next contact, after or before its effect, or all."""

    def strike(self, scene: Scene) -> None:
        """Break connections; the process lives on."""
        scene.working().until("started")
        scene.be_slow()
        for method in CONTACTS:
            scene.server.drop_next(
                method, scene.chance.choice(["drop_after"] * 3 + ["drop_before"])
            )
        if scene.chance.random() < 1 / 4:
            scene.server.drop_all()
        scene.pass_time(LONGEST / 2)


class Busy:
    """Another process holds the database."""

    def strike(self, scene: Scene) -> None:
        """Hold it, seldom for longer than the program waits; sometimes the program is killed."""
        scene.pass_time()
        chance = scene.chance
        longest = LONG_BUSY if chance.random() < 1 / ONE_IN else BUSY
        with closing(sqlite3.connect(scene.database, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(longest if longest > BUSY else chance.uniform(0, BUSY))
            if chance.random() < 1 / 4:
                scene.kill()
            other.execute("ROLLBACK")


class FullDisk:
    """No byte fits onto the disk any more, until somebody makes room."""

    def strike(self, scene: Scene) -> None:
        """Fill the disk, sometimes kill the program meanwhile, and make room again."""
        scene.pass_time()
        ballast = scene.database.with_name("ballast")
        _fill(ballast)
        scene.pass_time()
        if scene.chance.random() < 1 / 3:
            scene.kill()
        ballast.unlink()


@dataclass(slots=True)
class PowerLoss:
    """The process and everything that was not flushed to the disk are gone."""

    hanging: int = 0
    _files: list[Path] = field(default_factory=list)

    def strike(self, scene: Scene) -> None:
        """Take the power away at any moment."""
        files = [scene.database, scene.database.with_name(f"{scene.database.name}-wal")]
        worker = scene.start()
        recording = Recording(worker.pid, files, scene.server.journal.with_name("trace"))
        worker.go()
        scene.worker = worker
        # A watched process is slower.
        scene.pass_time(2 * LONGEST)
        scene.kill()
        self.hanging += recording.lose_power(scene.chance)


def _fill(path: Path) -> None:
    size = 1 << 16
    with path.open("wb", buffering=0) as file:
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2
