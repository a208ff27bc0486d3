"""One campaign: tasks begun, struck again and again, brought to their end, and judged."""

from __future__ import annotations

import random
import time
from base64 import b64decode
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.kills.faults import Busy, Drop, FullDisk, Kill, PowerLoss, Scene
from tests.kills.server import serving
from tests.kills.verdict import judge
from tests.kills.worker import Order, Worker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.kills.faults import Fault
    from tests.kills.server import Server

VARIANTS: dict[str, Callable[[], Fault]] = {
    "kill": Kill,
    "drop": Drop,
    "disk-full": FullDisk,
    "busy": Busy,
    "power": PowerLoss,
}

LATER = (0.0, 0.0, 60.0, 7_200.0)
"""Program seconds between two processes: within and beyond the memory for a random_id."""

A_PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a campaign is: ``people`` targets, half of them invitations, struck ``rounds`` times.

    ``data`` holds the database, ``directory`` everything else; ``latency`` are the seconds that
    each answer of the server takes, so that the work lasts long enough.
    """

    variant: str
    rounds: int
    people: int
    seed: int
    directory: Path
    data: Path
    latency: float


def run(plan: Plan) -> dict[str, Any]:
    """Run a campaign and return its figures; ``rounds`` may be fewer than planned."""
    began = time.monotonic()
    chance = random.Random(plan.seed)
    fault = VARIANTS[plan.variant]()
    struck = 0
    with serving(plan.directory, plan.seed) as server:
        sessions = _prepare(plan, server)

        def be_slow() -> None:
            server.be_well()
            server.be_slow(plan.latency, 3 * plan.latency)

        def start() -> Worker:
            order = Order(plan.data, server.port, server.key, sessions, later=chance.choice(LATER))
            worker = Worker(order, plan.directory / "complaints.txt")
            workers.append(worker)
            return worker

        workers: list[Worker] = []
        scene = Scene(plan.data / "invite-desktop.sqlite3", server, chance, start, be_slow)
        be_slow()
        while struck < plan.rounds and not (workers and workers[-1].said("ended")):
            fault.strike(scene)
            struck += 1
        server.be_well()
        ending = _ending(scene)
    open_contacts = sum(w["unsettled"] for worker in workers if (w := worker.said("started")))
    restarts = len(workers) - 1
    verdict = judge(ending, server.journal)
    return {
        "variant": plan.variant,
        "seed": plan.seed,
        "rounds": struck,
        "restarts": restarts,
        "open_contacts": open_contacts,
        "pauses": _pauses(workers),
        "seconds": round(time.monotonic() - began, 1),
        "holds": verdict.holds,
        **asdict(verdict),
        **({"unflushed": fault.hanging} if isinstance(fault, PowerLoss) else {}),
    }


def _ending(scene: Scene) -> dict[str, Any]:
    """Let the work come to its end, whether or not a process still refuses; return its report."""
    while True:
        worker = scene.working()
        said = worker.until("ended", "refused")
        worker.wait()
        if said["word"] == "ended":
            return said


def _prepare(plan: Plan, server: Server) -> dict[int, str]:
    """Make the tasks; return the sessions of the accounts."""
    picture = plan.directory / "picture.png"
    picture.write_bytes(A_PICTURE)
    order = Order(
        plan.data, server.port, server.key, people=plan.people, picture=str(picture.absolute())
    )
    worker = Worker(order, plan.directory / "complaints.txt")
    worker.go()
    told = worker.until("prepared")
    worker.wait()
    return {int(number): session for number, session in told["sessions"].items()}


def _pauses(workers: list[Worker]) -> dict[str, int]:
    """Count the pauses by their reason, which shows that a fault was felt."""
    found: dict[str, int] = {}
    for worker in workers:
        for line in worker.told:
            if line["word"] == "paused":
                found[line["reason"]] = found.get(line["reason"], 0) + 1
    return found
