"""``invite-desktop rehearse``: a whole task from files to outcomes, contacting nobody."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.app.exit_codes import DISAGREES, OK
from invite_desktop.app.import_files import imported, shown_report
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.progress import showing_progress
from invite_desktop.app.rehearsal_mode import CLUB, opened_rehearsal, rehearsal_vault
from invite_desktop.app.report import save_reports
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.app.wiring import Surroundings
from invite_desktop.domain.audiences import Basis
from invite_desktop.domain.messages import counted, message
from invite_desktop.domain.tasks import FINAL_STATUSES, NewTask, TaskKind, TaskStatus
from invite_desktop.domain.words import words_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.console import Console
    from invite_desktop.app.paths import Profile
    from invite_desktop.app.rehearsal_mode import Rehearsal
    from invite_desktop.domain.audiences import ImportReport
    from invite_desktop.domain.outcomes import OutcomeCode, TargetState
    from invite_desktop.domain.statistics import Counters
    from invite_desktop.domain.tasks import InviteTask
    from invite_desktop.engine.audit import AuditReport
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.ports.replies import ReplyCounts


async def rehearse(arguments: Arguments, console: Console) -> int:
    """Import the files, run one task to its end, print its outcomes and return the exit code.

    On a profile of its own a rehearsal that was interrupted goes on where it stopped.
    """
    with _profile(arguments) as profile, SingleInstance(profile):
        vault = await rehearsal_vault(profile, arguments, console.say)
        bugs: list[BaseException] = []
        around = Surroundings(profile, vault, console.words, bugs.append)
        async with opened_rehearsal(arguments, around, births=False) as rehearsal:
            ending = await _play(rehearsal, arguments, console)
    if bugs:
        raise bugs[0]
    _print(console, arguments, ending)
    return OK if ending.agrees else DISAGREES


@dataclass(frozen=True, slots=True)
class _Ending:
    """Everything that is known when a rehearsal is over."""

    imported: ImportReport
    task: InviteTask
    counters: Counters
    replies: ReplyCounts
    audit: AuditReport
    seconds: float

    @property
    def agrees(self) -> bool:
        return not self.audit.findings and self.task.status is TaskStatus.COMPLETED


async def _play(rehearsal: Rehearsal, arguments: Arguments, console: Console) -> _Ending:
    began = time.monotonic()
    engine = rehearsal.engine
    report = await imported(engine, arguments, Basis.CUSTOMERS, console)
    await rehearsal.begin()
    await rehearsal.populate(report.audience.id)
    await rehearsal.sign_in()
    await engine.start()
    if await engine.restored.unconfirmed() is not None:
        # Whoever starts a rehearsal by hand wants it to go on, and nobody is contacted by it.
        await engine.restored.confirm()
    task = await _task(rehearsal, report.audience.id, arguments)
    await _run_to_its_end(engine, task, console)
    await rehearsal.let_answers_come()
    audit = await _audit(rehearsal, task.id)
    view = await engine.tasks.view(task.id)
    if arguments.reports:
        await save_reports(engine, arguments, task.id, console)
    seconds = time.monotonic() - began
    return _Ending(report, view.task, view.counters, view.replies, audit, seconds)


async def _audit(rehearsal: Rehearsal, task_id: int) -> AuditReport:
    """Return the comparison; that people have left is believed only if the server knows of it."""
    audit = await rehearsal.engine.audit.of_task(task_id)
    if rehearsal.have_left(audit.left):
        return audit
    strange = message("People are missing from the chat whom nobody saw leave.")
    return replace(audit, findings=[*audit.findings, strange])


@contextmanager
def _profile(arguments: Arguments) -> Iterator[Profile]:
    """Give the chosen profile, or one that is thrown away afterwards."""
    if arguments.profile is not None:
        profile = choose_profile(arguments.profile, rehearsal=True)
        profile.make()
        yield profile
        return
    with tempfile.TemporaryDirectory(prefix="invite-desktop-") as directory:
        profile = choose_profile(Path(directory), rehearsal=True)
        profile.make()
        yield profile


async def _task(rehearsal: Rehearsal, audience_id: int, arguments: Arguments) -> InviteTask:
    """Return the task of an earlier, interrupted run on these people, or make it."""
    tasks = rehearsal.engine.tasks
    for view in await tasks.views():
        if (view.task.audience_id, view.task.kind) == (audience_id, arguments.kind):
            return view.task
    if arguments.kind is TaskKind.MESSAGE:
        return await tasks.create(
            NewTask(kind=TaskKind.MESSAGE, audience_id=audience_id, text=arguments.text)
        )
    check = await rehearsal.engine.chat_checks.check(CLUB)
    return await tasks.create(
        NewTask(kind=TaskKind.INVITE, audience_id=audience_id, chat=check.chat_ref())
    )


async def _run_to_its_end(engine: Engine, task: InviteTask, console: Console) -> None:
    if task.status in FINAL_STATUSES:
        return
    with showing_progress(engine, task.id, console):
        if task.status is TaskStatus.READY:
            await engine.tasks.start(task.id)
        elif task.status is TaskStatus.PAUSED:
            await engine.tasks.resume(task.id)
        await engine.tasks.wait_until_idle(task.id)


def _print(console: Console, arguments: Arguments, ending: _Ending) -> None:
    rows = [
        (state, outcome, count)
        for (state, outcome), count in ending.counters.by_reason.items()
        if count
    ]
    rows.sort(key=lambda row: (-row[2], row[0], row[1] or ""))
    if arguments.json:
        console.result(_shown(ending, arguments, console, rows))
        return
    task = ending.task
    console.say(message("{task}: {status}.", task=task.name, status=words_for(task.status)))
    if task.situation.reason:
        console.say(words_for(task.situation.reason))
    console.table(
        [
            (console.words(words_for(state)), console.words(words_for(outcome or state)), count)
            for state, outcome, count in rows
        ]
    )
    _say_who_answered(console, ending.replies)
    _say_whether_all_agrees(console, ending)


def _shown(
    ending: _Ending,
    arguments: Arguments,
    console: Console,
    rows: Sequence[tuple[TargetState, OutcomeCode | None, int]],
) -> dict[str, object]:
    task, audit = ending.task, ending.audit
    return {
        "import": shown_report(ending.imported, console),
        "task": {
            "name": task.name,
            "kind": task.kind,
            "status": task.status,
            "reason": task.situation.reason,
            "detail": task.situation.detail,
        },
        "outcomes": [
            {
                "state": state,
                "reason": outcome,
                "words": console.words(words_for(outcome or state)),
                "count": count,
            }
            for state, outcome, count in rows
        ],
        "counters": _shown_counters(ending.counters),
        "replies": {
            "answered": ending.replies.replied,
            "opted_out": ending.replies.opted_out,
        },
        "agreement": {
            "ledger": audit.ledger,
            "server": audit.telegram,
            "left": len(audit.left),
            "agrees": not audit.findings,
            "findings": [console.words(finding) for finding in audit.findings],
        },
        "seed": arguments.seed,
        "seconds": round(ending.seconds, 2),
    }


def _say_who_answered(console: Console, replies: ReplyCounts) -> None:
    if replies.opted_out:
        console.say(
            message(
                "answered: {replied}, of them {opted_out} want no more messages",
                replied=replies.replied,
                opted_out=replies.opted_out,
            )
        )
    elif replies.replied:
        console.say(message("answered: {replied}", replied=replies.replied))


def _say_whether_all_agrees(console: Console, ending: _Ending) -> None:
    audit, counters = ending.audit, ending.counters
    if ending.task.kind is TaskKind.INVITE:
        console.say(
            message(
                "Joined: {ledger} by the ledger, {counters} by the counters, {server} by the"
                " server's own list of members.",
                ledger=audit.ledger,
                counters=counters.joined,
                server=audit.telegram,
            )
        )
        if audit.left:
            console.say(
                counted(
                    "{count} person has left the chat since.",
                    "{count} people have left the chat since.",
                    len(audit.left),
                )
            )
    else:
        console.say(
            message(
                "Sent: {ledger} by the ledger, {counters} by the counters, {server} by the"
                " server's own dialogues.",
                ledger=audit.ledger,
                counters=counters.sent,
                server=audit.telegram,
            )
        )
    for finding in audit.findings:
        console.say(finding)
    if not audit.findings:
        console.say(message("All three agree. This was a rehearsal: nobody was contacted."))


def _shown_counters(counters: Counters) -> dict[str, int | float | None]:
    """Return the numbers of a task by their names."""
    return {
        "total": counters.total,
        "pending": counters.pending,
        "in_work": counters.in_work,
        "processed": counters.processed,
        "invited": counters.accepted,
        "joined": counters.joined,
        "sent": counters.sent,
        "already_member": counters.already_member,
        "skipped": counters.skipped,
        "failed": counters.failed,
        "uncertain": counters.uncertain,
        "success": counters.success,
    }
