"""``invite-desktop import``: files of people become an audience."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from invite_desktop.app.exit_codes import OK
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.app.wiring import Surroundings, open_engine
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.words import words_for
from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.telegram.memory_vault import MemoryVault

if TYPE_CHECKING:
    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.console import Console
    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.engine.engine import Engine

_SHOWN_INVALID_ROWS = 10


async def import_files(arguments: Arguments, console: Console) -> int:
    """Import the named files into the profile, print the report and return the exit code."""
    profile = choose_profile(arguments.profile)
    profile.make()
    bugs: list[BaseException] = []
    with SingleInstance(profile):
        around = Surroundings(profile, MemoryVault(), console.words, bugs.append)
        async with open_engine(around) as opened:
            report = await imported(
                opened.engine, arguments, arguments.basis or Basis.UNKNOWN, console
            )
    if arguments.json:
        console.result(shown_report(report, console))
    return OK


async def imported(
    engine: Engine, arguments: Arguments, basis: Basis, console: Console
) -> ImportReport:
    """Import the named files as one audience and say what became of their rows."""
    report = await engine.imports.run(
        arguments.files, basis, arguments.name, ReadOptions(region=arguments.region)
    )
    _say(report, console)
    return report


def shown_report(report: ImportReport, console: Console) -> dict[str, object]:
    """Return a report for scripts."""
    counts = report.counts
    return {
        "audience": report.audience.name,
        "basis": report.audience.basis,
        "people": report.audience.people,
        "files": list(report.files),
        "read": counts.read,
        "new": counts.new,
        "updated": counts.updated,
        "duplicate": counts.duplicate,
        "invalid": counts.invalid,
        "opted_out": counts.opted_out,
        "by_username": counts.by_username,
        "by_phone": counts.by_phone,
        "by_id": counts.by_id,
        "remarks": counts.remarks,
        "by_file": [asdict(of_file) for of_file in report.by_file],
        "invalid_rows": [
            {
                "row": row.number,
                "problem": row.problem,
                "words": console.words(words_for(row.problem)),
                "content": row.content,
            }
            for row in report.invalid_rows
        ],
    }


def _say(report: ImportReport, console: Console) -> None:
    counts = report.counts
    console.say(
        message(
            "“{name}”: {people} people. Rows read {read} = new {new} + updated {updated}"
            " + duplicate {duplicate} + invalid {invalid} + opted out {opted_out}.",
            name=report.audience.name,
            people=report.audience.people,
            read=counts.read,
            new=counts.new,
            updated=counts.updated,
            duplicate=counts.duplicate,
            invalid=counts.invalid,
            opted_out=counts.opted_out,
        )
    )
    if counts.by_phone or counts.by_id:
        console.say(
            message(
                "Known by username {by_username}, by phone only {by_phone}, by id only {by_id}."
                " Telegram finds few people by phone, and nobody by an id alone.",
                by_username=counts.by_username,
                by_phone=counts.by_phone,
                by_id=counts.by_id,
            )
        )
    for row in report.invalid_rows[:_SHOWN_INVALID_ROWS]:
        console.say(
            message("  row {number}: {problem}", number=row.number, problem=words_for(row.problem))
        )
    if (rest := len(report.invalid_rows) - _SHOWN_INVALID_ROWS) > 0:
        console.say(counted("  … and {count} more row", "  … and {count} more rows", rest))
