"""Strikes the program at random moments: ``python -m tests.benchmarks.kills [--rounds 500]``.

Everything of the program but its window works, in a process of its own, on a task of invitations
and two of messages (one with a picture), against the rehearsal server in another process.
Variants: ``kill`` (SIGKILL), ``drop`` (connections break after a call's effect), ``disk-full``,
``busy`` (another process holds the database) and ``power`` (what was never flushed to the disk is
lost). In the end everybody was contacted once at most by the server's journal, no outcome is
missing, and kept counters, recount and server agree. Results are kept in ``--results``: the same
command goes on where it stopped. ``--quick`` strikes 25 times. Only for Linux; a full disk is a
small file system in a namespace of its own (unshare), a loss of power needs strace.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.kills import power
from tests.kills.campaign import VARIANTS, Plan, run

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS, PEOPLE, PEOPLE_QUICK = 500, 300, 40
A_CAMPAIGN = 25
"""Rounds after which a task is brought to its end, at most."""

LATENCY, LATENCY_QUICK = 0.01, 0.025
DISK = "24m"
"""Size of the file system that is filled up."""

_COLUMNS = ("rounds", "restarts", "open_contacts", "targets", "contacts", "uncertain")
_WRONG = ("twice", "lost", "disagreements")


def main(given: Sequence[str] | None = None) -> int:
    """Print the figures; 1 when something is wrong, 2 when this system cannot run the bench."""
    options = _parser().parse_args(given)
    if sys.platform != "linux":
        sys.stderr.write("This bench needs Linux.\n")
        return 2
    if options.one is not None:
        _run_one(Path(options.one))
        return 0
    results = options.results or Path(tempfile.mkdtemp(prefix="kills-")) / "results.jsonl"
    results.parent.mkdir(parents=True, exist_ok=True)
    variants = options.variants.split(",") if options.variants else list(VARIANTS)
    rounds = 5 * len(variants) if options.quick else options.rounds
    for variant in variants:
        _run_variant(variant, rounds // len(variants), results, quick=options.quick)
    sys.stdout.write(_table(_read(results)))
    return 0 if all(line["holds"] for line in _read(results)) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.kills")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="faults, over all variants")
    parser.add_argument("--quick", action="store_true", help="five faults a variant, few people")
    parser.add_argument("--variants", help=f"some of {','.join(VARIANTS)}")
    parser.add_argument("--results", type=Path, help="file of JSON lines to go on with")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    return parser


def _run_variant(variant: str, rounds: int, results: Path, *, quick: bool) -> None:
    if variant == "power" and not power.is_available():
        raise SystemExit("strace is missing: it is needed for the loss of power")
    while (left := rounds - _done(results, variant)) > 0:
        seed = random.SystemRandom().randrange(1 << 30)
        directory = Path(tempfile.mkdtemp(prefix=f"{variant}-{seed}-", dir=results.parent))
        data = directory / "profile"
        data.mkdir()
        plan = {
            "variant": variant,
            "rounds": min(left, A_CAMPAIGN),
            "people": PEOPLE_QUICK if quick else PEOPLE,
            "seed": seed,
            "directory": str(directory),
            "data": str(data),
            "latency": LATENCY_QUICK if quick else LATENCY,
        }
        line = _in_a_process(plan, directory)
        with results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        if line["holds"]:
            shutil.rmtree(directory)
        else:
            sys.stderr.write(f"{json.dumps(line, indent=1)}\nkept: {directory}\n")


def _in_a_process(plan: dict[str, Any], directory: Path) -> dict[str, Any]:
    """Run one campaign in a process without threads, which may fork."""
    file = directory / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    command = [sys.executable, "-m", "tests.benchmarks.kills", "--one", str(file)]
    if plan["variant"] == "disk-full":
        mount = f'mount -t tmpfs -o size={DISK} none "$0" && exec "$@"'
        command = ["unshare", "-Urm", "sh", "-c", mount, plan["data"], *command]
    subprocess.run(command, check=True)
    line: dict[str, Any] = json.loads((directory / "result.json").read_text("utf-8"))
    return line


def _run_one(file: Path) -> None:
    given = json.loads(file.read_text("utf-8"))
    plan = Plan(**{**given, "directory": Path(given["directory"]), "data": Path(given["data"])})
    (plan.directory / "result.json").write_text(json.dumps(run(plan)), encoding="utf-8")


def _read(results: Path) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text("utf-8").splitlines()]


def _done(results: Path, variant: str) -> int:
    return sum(line["rounds"] for line in _read(results) if line["variant"] == variant)


def _table(lines: list[dict[str, Any]]) -> str:
    """Return the figures by variant."""
    shown = [("variant", *_COLUMNS, *_WRONG, "seconds", "pauses")]
    for variant in [*VARIANTS, "all"]:
        chosen = [line for line in lines if variant in {line["variant"], "all"}]
        if chosen:
            counts = [str(sum(line[column] for line in chosen)) for column in _COLUMNS]
            wrong = [str(sum(len(line[column]) for line in chosen)) for column in _WRONG]
            seconds = f"{sum(line['seconds'] for line in chosen):.0f}"
            pauses = sum((Counter(line["pauses"]) for line in chosen), Counter())
            felt = " ".join(f"{reason}:{n}" for reason, n in sorted(pauses.items())) or "-"
            shown.append((variant, *counts, *wrong, seconds, felt))
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    rows = ("  ".join(t.ljust(w) for t, w in zip(row, widths, strict=True)) for row in shown)
    return "".join(f"{row.rstrip()}\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
