"""From the very first start to the end of the first task, by mouse and keyboard, step by step.

``python -m tests.end_to_end.first_task LANGUAGE PROFILE [LIST [OPTION…]]`` walks on the screen of
its own process and prints one JSON document: what each step took, how many have joined, and where
the report was saved. Without a list the example of the rehearsal is taken. Options of the program
name a server in Telegram's place: then an account is logged in there, instead of a rehearsal, and
the walk ends when the task has begun.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QListWidget,
    QSlider,
    QTableView,
)

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.rehearsal.demo_accounts import LOGIN_CODE, demo_phone
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.tasks.chat_picker import ChatPicker
from invite_desktop.ui.translations import tr
from tests.end_to_end.connections import hosts_asked
from tests.end_to_end.hands import Effort, Efforts, Hands
from tests.end_to_end.main_job import shown
from tests.end_to_end.own_screen import own_screen
from tests.end_to_end.walker import PICTURES, visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from PySide6.QtWidgets import QMainWindow

INTO_THE_TASK = 5
"""So many steps lead into the first task; what follows is watching it."""

_PATIENCE = 120
"""Seconds for a whole walk."""
_CLUB = "Клуб репетиции"


@dataclass(frozen=True)
class Walked:
    """What came of a walk."""

    steps: list[Effort]
    joined: int
    report: str

    @property
    def into_the_task(self) -> list[Effort]:
        return self.steps[:INTO_THE_TASK]


def walk(
    language: str, profile: Path, people: Path | None = None, server: Sequence[str] = ()
) -> Walked:
    """Walk in a process with a screen of its own."""
    given = [language, str(profile), *([str(people)] if people else []), *server]
    with own_screen() as environment:
        done = subprocess.run(
            [sys.executable, "-m", "tests.end_to_end.first_task", *given],
            env=environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    steps = [Effort(**step) for step in found["steps"]]
    return Walked(steps, found["joined"], found["report"])


def main(given: list[str]) -> int:
    """Walk, and print what came of it."""
    language, profile, *rest = given
    people, server = Path(rest[0]) if rest else None, rest[1:]
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    if people is not None and server:
        walked = _walk_in_earnest(application, Path(profile), language, people, server)
    else:
        walked = _walk(application, Path(profile), language, people)
    print(json.dumps(asdict(walked)), flush=True)  # noqa: T201 - a command
    return 0


def _walk(application: QApplication, profile: Path, language: str, people: Path | None) -> Walked:
    """Start on an empty profile, and rehearse a first task to its end."""
    efforts = Efforts()
    given = ["--profile", str(profile), "--language", language]
    others: list[list[str]] = []
    opened: list[float] = []
    joined: list[int] = []
    report = profile / "first report.xlsx"

    def hands(window: QMainWindow) -> Hands:
        return Hands(window, PICTURES / f"first_{language}", efforts)

    async def begin(window: QMainWindow) -> None:
        await _choose_the_rehearsal(hands(window), others)

    async def go_on(window: QMainWindow) -> None:
        efforts.now.waited += time.monotonic() - opened[-1]
        walker = hands(window)
        await _bring_the_list(walker, people)
        await _import(walker)
        await _create_and_start(walker)
        joined.append(await _watch_to_the_end(walker))
        await _save_the_report(walker, report)

    with hosts_asked() as hosts:
        _open(application, given, begin, others)
        opened.append(time.monotonic())
        _open(application, others[0], go_on, others)
    assert hosts == {"127.0.0.1"}
    return Walked(efforts.steps, joined[0], str(report))


def _walk_in_earnest(
    application: QApplication, profile: Path, language: str, people: Path, server: list[str]
) -> Walked:
    """Start on an empty profile, log the first account in, and begin a first task with it."""
    efforts = Efforts()

    async def use(window: QMainWindow) -> None:
        hands = Hands(window, PICTURES / f"first_account_{language}", efforts)
        await _log_in(hands)
        await _bring_the_list(hands, people)
        await _import(hands)
        await _create_and_start(hands)

    given = ["--profile", str(profile), "--language", language, *server]
    with hosts_asked() as hosts:
        _open(application, given, use, [])
    assert hosts == {"127.0.0.1"}
    return Walked(efforts.steps, 0, "")


def _open(
    application: QApplication,
    given: list[str],
    use: Callable[[QMainWindow], Awaitable[object]],
    others: list[list[str]],
) -> None:
    arguments = parse(given, str)
    profile = choose_profile(arguments.profile, rehearsal=arguments.rehearsal)
    profile.make()
    assert event_loop.run(visit(arguments, profile, use, others.append), application) == 0


async def _choose_the_rehearsal(hands: Hands, others: list[list[str]]) -> None:
    await hands.until(lambda: hands.can_click(tr("&Next")), "the first step")
    await hands.step("1 what it is")
    await hands.picture("what_it_is")
    await hands.click(tr("&Next"))
    await hands.step("2 account or rehearsal")
    await hands.picture("account_or_rehearsal")
    await hands.click(tr("&Rehearse first: nobody is contacted"))
    await hands.until(lambda: others != [], "the other window")


async def _log_in(hands: Hands) -> None:
    await hands.until(lambda: hands.can_click(tr("&Next")), "the first step")
    await hands.step("1 what it is")
    await hands.click(tr("&Next"))
    await hands.step("2 account", skimmed=True)
    await hands.click(tr("&Connect my account"))
    dialog = hands.window.findChild(AddAccountDialog)
    await hands.until(dialog.api_page.api_id.isVisible, "the api_id")
    hands.read_in(dialog)
    await hands.press(dialog.api_page.api_id)  # a bare screen has nobody who gives it the keyboard
    await hands.paste("12345")
    await hands.key("Tab")
    await hands.paste("0f" * 16)
    await hands.key("Return")
    await hands.until(dialog.phone_page.phone.isVisible, "the phone")
    hands.read_in(dialog)
    await hands.key("ctrl+a")
    await hands.type(demo_phone(1))
    await hands.picture("phone")
    await hands.key("Return")
    await hands.until(dialog.code_page.code.isVisible, "the code")
    hands.read_in(dialog)
    await hands.type(LOGIN_CODE)
    await hands.until(dialog.done_page.isVisible, "the log-in")
    hands.read_in(dialog)
    await hands.picture("logged_in")
    await hands.key("Return")


async def _bring_the_list(hands: Hands, list_of_people: Path | None) -> None:
    await hands.until(lambda: hands.can_click(tr("Choose fi&les…")), "the third step")
    await hands.step("3 the first list")
    await hands.picture("first_list")

    def taken() -> bool:
        return hands.can_click(tr("&Import"))

    if list_of_people is None:
        await hands.click(tr("Take an &example"))
    else:
        await hands.drag_in(list_of_people, hands.window.first_start.drop_area, taken)
    await hands.until(taken, "the list")


async def _import(hands: Hands) -> None:
    await hands.step("4 import", skimmed=True)
    boxes = hands.visible(QComboBox)
    await hands.choose_next(next(b for b in boxes if b.currentText() == tr("Choose…")))
    await hands.picture("import")
    await hands.click(tr("&Import"))
    await hands.until(lambda: hands.can_click(tr("&Task with this audience")), "the report")
    hands.read()
    await hands.picture("imported")
    await hands.click(tr("&Task with this audience"))


async def _create_and_start(hands: Hands) -> None:
    await hands.sees(tr("New task"))
    await hands.step("5 task", skimmed=True)
    await _pick_the_club(hands)
    await hands.sees(_CLUB)
    await hands.until(
        lambda: "≈" in hands.texts() and hands.can_click(tr("Create and &start")), "the plan"
    )
    hands.read()
    await hands.picture("form")
    await hands.click(tr("Create and &start"))
    await hands.until(lambda: _rows(hands, tr("Tasks")) == 1, "the task")


async def _pick_the_club(hands: Hands) -> None:
    """Choose the chat; the demo accounts may still be signing in when they are first asked."""
    listed = hands.window.findChild(ChatPicker).findChild(QListWidget)
    while True:
        await hands.click(tr("My chats"))
        for _ in range(100):
            await asyncio.sleep(0.05)
            items = [listed.item(place) for place in range(listed.count())]
            found = [item for item in items if _CLUB in item.text()]
            if listed.isVisible() and found:
                await hands.press(listed.viewport(), listed.visualItemRect(found[0]).center())
                return
        await hands.click(tr("My chats"))


def _rows(hands: Hands, table: str) -> int:
    tables = [view for view in hands.visible(QTableView) if view.accessibleName() == table]
    return tables[0].model().rowCount() if tables else 0


async def _watch_to_the_end(hands: Hands) -> int:
    """Open the task, make time run fast, and return how many have joined in the end."""
    await hands.step("6 watching")
    await hands.open_first(tr("Tasks"))
    await hands.sees(tr("Still to do"))
    await hands.until(lambda: shown(hands, tr("Joined")) >= 1, "the first who joined")
    await hands.picture("running")
    await hands.press(hands.field(QSlider, tr("Speed of the rehearsal")))
    await hands.key("End")
    await hands.until(lambda: shown(hands, tr("Still to do")) == 0, "the end")
    await hands.picture("finished")
    return shown(hands, tr("Joined"))


async def _save_the_report(hands: Hands, path: Path) -> None:
    await hands.step("7 report")
    await hands.click(tr("S&ave report…"))
    await hands.until(lambda: hands.visible(QFileDialog) != [], "the question where to")
    name = hands.visible(QFileDialog)[0].findChild(QLineEdit)
    await hands.press(name)
    await hands.key("ctrl+a")
    await hands.type(str(path))
    await hands.picture("where_to")
    await hands.key("Return")
    await hands.until(path.exists, "the report")
    await hands.until(lambda: hands.can_click(tr("Close")), "the end of the saving")
    await hands.picture("report_saved")
    await hands.click(tr("Close"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
