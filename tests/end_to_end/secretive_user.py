"""The program with somebody at it who logs in, runs a task and meets a bug: a script.

Its secrets come by standard input, because a command line is everybody's to read. It says on
standard output what QR code it shows and when it is done; then it waits for a line, and ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.logs import start_logging
from invite_desktop.app.paths import choose_profile
from invite_desktop.ui.accounts.add_account import AddAccountDialog
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.translations import tr
from tests.end_to_end.main_job import PEOPLE_COUNT, create_and_start, import_people, shown
from tests.end_to_end.walker import Unseen, Walker, visit

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.ui.main_window import MainWindow


def say(**news: str) -> None:
    print(json.dumps(news), flush=True)  # noqa: T201 - how it speaks to the test


async def log_in(walker: Walker, window: MainWindow, given: dict[str, str]) -> None:
    """By code, wrong first, and by password, wrong first."""
    dialog = await opened(walker, window)
    dialog.phone_page.api_button.click()
    await walker.until(lambda: dialog.page is dialog.api_page, "the api page")
    dialog.api_page.api_id.setText("54321")
    dialog.api_page.api_hash.setText(given["api_hash"])
    await go_on(walker, dialog, dialog.phone_page)
    dialog.phone_page.phone.setText(given["phone"])
    await go_on(walker, dialog, dialog.code_page)
    for code in ("99999", given["code"]):
        dialog.code_page.code.setText(code)
        dialog.next_button.click()
        await walker.until(dialog.next_button.isEnabled, "an answer")
    await walker.until(lambda: dialog.page is dialog.password_page, "the password page")
    for password in ("not it", given["password"]):
        dialog.password_page.password.setText(password)
        dialog.next_button.click()
        await walker.until(dialog.next_button.isEnabled, "an answer")
    await walker.until(lambda: dialog.page is dialog.done_page, "the end")
    dialog.next_button.click()


async def log_in_by_qr(walker: Walker, window: MainWindow) -> None:
    dialog = await opened(walker, window)
    dialog.phone_page.qr_button.click()
    await walker.until(lambda: dialog.page is dialog.qr_page, "the QR page")
    say(qr=dialog.qr_link)
    await walker.until(lambda: dialog.page is dialog.done_page, "the scan")
    dialog.next_button.click()


async def opened(walker: Walker, window: MainWindow) -> AddAccountDialog:
    before = set(window.findChildren(AddAccountDialog))
    window.tabs.go_to(Tab.ACCOUNTS)
    window.tabs.accounts.add_account()
    (dialog,) = set(window.findChildren(AddAccountDialog)) - before
    await walker.until(lambda: dialog.page is dialog.phone_page, "the phone page")
    await walker.until(dialog.next_button.isEnabled, "the phone page")
    return dialog


async def go_on(walker: Walker, dialog: AddAccountDialog, page: object) -> None:
    dialog.next_button.click()
    await walker.until(lambda: dialog.page is page, "the next page")
    await walker.until(dialog.next_button.isEnabled, "the next page")


async def meet_a_bug(window: MainWindow, given: dict[str, str]) -> None:
    """Fail where everything secret is at hand."""
    secret = dict(given)
    raise RuntimeError(f"a bug near {secret['api_hash']} and {secret['phone']}")


async def use(window: MainWindow, given: dict[str, str], pictures: Path) -> None:
    walker = Unseen(window, pictures)
    await walker.go_to(tr("Accounts"))
    await walker.sees("rehearsal_admin1")
    await log_in(walker, window, given)
    await log_in_by_qr(walker, window)
    await import_people(walker)
    await create_and_start(walker)
    await walker.sees("Клуб репетиции", PEOPLE_COUNT)
    await walker.open_first(tr("Tasks"))
    await walker.sees(tr("People"), tr("Still to do"))
    await walker.until(lambda: shown(walker, tr("Still to do")) == 0, "the end of the task")
    window.context.work.start(meet_a_bug(window, given), "bug met")
    await asyncio.sleep(0.5)
    say(done="yes")
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def main() -> int:
    given = json.loads(sys.stdin.readline())
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    arguments = parse(["--rehearsal", *sys.argv[1:]], str)
    profile = choose_profile(arguments.profile, rehearsal=True)
    profile.make()
    stop_logging = start_logging(profile)

    async def use_it(window: MainWindow) -> None:
        await use(window, given, profile.directory / "pictures")

    try:
        return event_loop.run(visit(arguments, profile, use_it), application)
    finally:
        stop_logging()


if __name__ == "__main__":
    sys.exit(main())
