"""The window is closed while a log-in is half done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.app import event_loop
from invite_desktop.app.arguments import parse
from invite_desktop.app.paths import choose_profile
from invite_desktop.rehearsal.demo import demo_world
from invite_desktop.rehearsal.population import CALM
from invite_desktop.ui.tabs import Tab
from tests.end_to_end.secretive_user import go_on, opened
from tests.end_to_end.walker import Unseen, visit
from tests.fakes.rehearsal import running_rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.rehearsal import Rehearsal

PHONE, CODE = "+79261234567", "12345"


async def _begin_and_close(rehearsal: Rehearsal, folder: Path) -> int:
    server = ("--telegram-server", f"127.0.0.1:{rehearsal.port}")
    key = ("--telegram-key", str(rehearsal.key_path), "--accounts", "1", "--language", "en")
    arguments = parse(["--rehearsal", "--profile", str(folder), *server, *key], str)
    profile = choose_profile(arguments.profile, rehearsal=True)
    profile.make()

    async def begin_and_close(window: MainWindow) -> None:
        walker = Unseen(window, folder / "pictures")
        window.tabs.go_to(Tab.ACCOUNTS)
        await walker.sees("rehearsal_admin1")
        dialog = await opened(walker, window)
        dialog.phone_page.phone.setText(PHONE)
        await go_on(walker, dialog, dialog.code_page)
        dialog.code_page.code.setText(CODE)
        await go_on(walker, dialog, dialog.password_page)
        assert rehearsal.server.backend.authorizations.halfway == 1
        window.close()

    return await visit(arguments, profile, begin_and_close)


@pytest.mark.screen
def test_nothing_of_it_stays_at_telegram(qapp, tmp_path: Path):
    async def main() -> int:
        world = demo_world(1, mix=CALM)
        world.account(PHONE, "Вера", password="тайна")  # noqa: S106 - nobody's
        async with running_rehearsal(world, state_dir=tmp_path / "server") as rehearsal:
            code = await _begin_and_close(rehearsal, tmp_path / "profile")
            assert rehearsal.server.backend.authorizations.halfway == 0
            return code

    qapp.setQuitOnLastWindowClosed(False)
    assert event_loop.run(main(), qapp) == 0
