"""The program with its window: in earnest or in rehearsal, from start to an orderly end."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import signal
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from invite_desktop.app.autostart import system_autostart
from invite_desktop.app.crash_hooks import CrashHooks, crash_report
from invite_desktop.app.desktop_notifications import system_notifier
from invite_desktop.app.exit_codes import OK
from invite_desktop.app.first_paint import FirstPaint
from invite_desktop.app.first_steps import first_step, lead_on
from invite_desktop.app.garbage_rounds import GarbageRounds
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.rehearsal_mode import CLUB, late_rehearsal_vault, opened_rehearsal
from invite_desktop.app.switching import is_open, lend_look, other_arguments, start_program
from invite_desktop.app.translations import choose_language
from invite_desktop.app.wiring import Surroundings, open_engine, server_asked_for
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.domain.tasks import ACTIVE_STATUSES
from invite_desktop.engine.background import BackgroundScope
from invite_desktop.engine.events import AudiencesChanged, Event
from invite_desktop.engine.setup import EngineSettings
from invite_desktop.rehearsal.demo_accounts import NEWCOMERS_PASSWORD
from invite_desktop.telegram.secret_vault import KeyringVault
from invite_desktop.ui.context import RehearsalInfo
from invite_desktop.ui.crash_dialog import CrashDialog
from invite_desktop.ui.main_window import LANGUAGE_KEY, THEME_KEY, MainWindow
from invite_desktop.ui.main_window import Surroundings as Decor
from invite_desktop.ui.presence import continues_after_restart as continues
from invite_desktop.ui.theme import ThemeChoice, set_theme
from invite_desktop.ui.translations import load_translator, set_translator, show, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.paths import Profile
    from invite_desktop.app.rehearsal_mode import Rehearsal
    from invite_desktop.domain.messages import Message
    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.ports.secrets import SecretVault
    from invite_desktop.telegram.server_address import ServerAddress

_log = logging.getLogger(__name__)

_PAINT_PATIENCE = 3.0
"""Seconds that everything else waits for the window's first paint."""


class WindowProgram:
    """One run of the window, from the first line of ``run`` to its last.

    ``window`` is None until it is shown; ``drawn_size`` is its size in pixels at the first paint.
    ``start`` opens the other window, the rehearsal's or the ordinary one, by its command line.
    """

    def __init__(
        self,
        arguments: Arguments,
        profile: Profile,
        start: Callable[[Sequence[str]], object] = start_program,
    ) -> None:
        self._arguments = arguments
        self._profile = profile
        self._start_other = start
        self._settings = QSettings(str(profile.settings), QSettings.Format.IniFormat)
        self._hooks = CrashHooks(self._report)
        self._background = BackgroundScope(self._hooks.caught)
        self._garbage = GarbageRounds()
        self._notifier = system_notifier()
        self._stop = asyncio.Event()
        self._seen = asyncio.Event()
        self.window: MainWindow | None = None
        self.close_after_first_paint = arguments.measure_start
        self.drawn_size = (0, 0)

    def stop(self) -> None:
        """Close the window and wind up, as if the user had closed it."""
        self._stop.set()

    def end_with_the_session(self) -> None:
        """Wind up without a question: a window that asks would keep the system from ending."""
        if self.window is not None:
            self.window.allow_close()
        self._stop.set()

    async def run(self) -> int:
        """Show the window, work until it is closed, and wind up."""
        self._hooks.install()
        self._hooks.watch(asyncio.get_running_loop())
        self._listen_to_signals()
        self._dress()
        try:
            async with AsyncExitStack() as stack:
                if self._notifier is not None:
                    stack.push_async_callback(self._notifier.close)
                await self._live(stack)
                if self.window is not None:
                    self.window.bridge.close()  # tasks that stop now must not wake the screens
                await self._background.close()
        finally:
            self._garbage.stop()
            self._hooks.remove()
            if self.window is not None:
                self.window.allow_close()
                self.window.close()
        return OK

    async def _live(self, stack: AsyncExitStack) -> None:
        """Begin, which a close in between ends, and work until the window is closed."""
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="invite-desktop-"))
        begin = self._rehearse if self._arguments.rehearsal else self._work_in_earnest
        beginning = asyncio.ensure_future(begin(stack, Path(folder)))
        closing = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait({beginning, closing}, return_when=asyncio.FIRST_COMPLETED)
        if not beginning.done():
            beginning.cancel()
            await asyncio.gather(beginning, return_exceptions=True)
            return
        closing.cancel()
        beginning.result()
        # A full collection looks at every object of every library that was loaded by now: a tenth
        # of a second in which the window stands still.
        gc.freeze()
        await self._stop.wait()

    async def _work_in_earnest(self, stack: AsyncExitStack, temporary: Path) -> None:
        around = replace(
            self._around(KeyringVault(str(self._profile.directory))),
            find_server=self._find_server,
            settings=EngineSettings(continue_after_restart=continues(self._settings)),
        )
        opened = await stack.enter_async_context(open_engine(around))
        first = await first_step(self._settings, opened.engine, rehearses=False)
        autostart = system_autostart(other_arguments(self._arguments, rehearsal=False))
        decor = Decor(
            self._settings,
            temporary,
            first_start=first,
            autostart=autostart,
            notifier=self._notifier,
        )
        self._show(opened.engine, decor)
        await self._seen_by_the_user()
        self._open_door(stack)
        self._keep_awake(opened.engine)
        await opened.telegram.adapters()
        await opened.engine.start()

    async def _find_server(self) -> ServerAddress | None:
        return server_asked_for(self._arguments)

    async def _rehearse(self, stack: AsyncExitStack, temporary: Path) -> None:
        vault = late_rehearsal_vault(self._profile, self._arguments, _note)
        rehearsal = await stack.enter_async_context(
            opened_rehearsal(self._arguments, self._around(vault), births=True)
        )
        told = self._told_about(rehearsal)
        first = await first_step(self._settings, rehearsal.engine, rehearses=True)
        decor = Decor(self._settings, temporary, told, first_start=first, notifier=self._notifier)
        window = self._show(rehearsal.engine, decor)
        window.say_starting(starting=True)
        await self._seen_by_the_user()
        self._open_door(stack)
        await rehearsal.begin()
        await rehearsal.populate_all()

        def heard(event: Event) -> None:
            if isinstance(event, AudiencesChanged):
                self._start(rehearsal.populate_all(), "people of the rehearsal")

        rehearsal.engine.bus.subscribe(heard)
        await rehearsal.sign_in()
        await rehearsal.engine.start()
        window.say_starting(starting=False)

    def _told_about(self, rehearsal: Rehearsal) -> RehearsalInfo:
        """Return what the window shows and offers of a rehearsal."""

        def set_speed(speed: float) -> None:
            self._start(rehearsal.set_speed(speed), "speed changed")

        return RehearsalInfo(
            club_link=CLUB,
            phone_codes={**rehearsal.phone_codes, **rehearsal.newcomers},
            speed=rehearsal.clock.speed,
            set_speed=set_speed,
            server=rehearsal.server_view if rehearsal.has_own_server else None,
            password=NEWCOMERS_PASSWORD if rehearsal.newcomers else "",
            newcomers=tuple(rehearsal.newcomers),
            scan=rehearsal.scan if rehearsal.newcomers else None,
        )

    async def _seen_by_the_user(self) -> None:
        """Let the window be painted first; one that is shown to nobody is never painted."""
        try:
            async with asyncio.timeout(_PAINT_PATIENCE):
                await self._seen.wait()
        except TimeoutError:
            _log.info("The window was not painted at the start")
        finally:
            self._garbage.begin()  # Python's own was switched off by the program's entrance

    def _keep_awake(self, engine: Engine) -> None:
        from invite_desktop.app.keep_awake import KeepAwake, SystemWakefulness  # noqa: PLC0415 - after the first paint

        awake = KeepAwake(engine.clock.now, SystemWakefulness())
        if self.window is not None:
            awake.show_views(self.window.presence.views)
            self.window.presence.views_changed.connect(awake.show_views)
        self._start(awake.run(), "keeping awake")

    def _open_door(self, stack: AsyncExitStack) -> None:
        """Show the files of the command line, and from now on those of later starts."""
        from invite_desktop.app.front_door import FrontDoor  # noqa: PLC0415 - after the first paint

        if self.window is None:
            return
        if self._arguments.files:
            self.window.import_paths([path.absolute() for path in self._arguments.files])
        door = FrontDoor(self._profile)
        door.knocked.connect(self.window.come_forward)
        stack.callback(door.close)
        if not door.open():
            _log.warning("A second start of the program will not find this window")

    async def _open_rehearsal(self, engine: Engine, window: MainWindow) -> None:
        """Open the rehearsal's window; this one stays only while its tasks run."""
        profile = choose_profile(self._arguments.profile, rehearsal=True)
        if is_open(profile):
            raise KnownError(
                message("The rehearsal is open already."), message("Go to its window.")
            )
        busy = any(view.task.status in ACTIVE_STATUSES for view in await engine.tasks.views())
        lend_look(self._settings, profile)
        if window.first_start is not None:
            lead_on(profile)
        self._start_other(other_arguments(self._arguments, rehearsal=True))
        if not busy:
            self._stop.set()
            return
        await window.notices.tell(
            tr("The rehearsal opens in a window of its own"),
            tr("Tasks are running here, so this window stays open and goes on with them."),
        )

    async def _leave_rehearsal(self) -> None:
        """Wind the rehearsal up and open the ordinary window, unless it is open."""
        profile = choose_profile(self._arguments.profile)
        if not is_open(profile):
            lend_look(self._settings, profile)
            self._start_other(other_arguments(self._arguments, rehearsal=False))
        self._stop.set()

    def _around(self, vault: SecretVault) -> Surroundings:
        return Surroundings(self._profile, vault, show, self._hooks.caught)

    def _start(self, work: Coroutine[object, object, None], name: str) -> None:
        self._background.start(work, name)

    def _show(self, engine: Engine, decor: Decor) -> MainWindow:
        self.window = window = MainWindow(engine, self._background, decor)
        work = window.context.work
        window.close_requested.connect(self._stop.set)
        window.rehearsal_requested.connect(
            lambda: work.start(self._open_rehearsal(engine, window), "rehearsal opened")
        )
        window.leave_rehearsal_requested.connect(
            lambda: work.start(self._leave_rehearsal(), "rehearsal left")
        )
        paint = FirstPaint(window)
        paint.seen.connect(self._painted)
        window.show()
        window.presence.begin()
        return window

    def _painted(self) -> None:
        self._seen.set()
        if self._arguments.measure_start:
            # Timed from outside; what follows the first paint is no part of the processor's time.
            painted = {"painted": True, "processor": round(time.process_time(), 3)}
            print(json.dumps(painted), flush=True)
        if self.close_after_first_paint and self.window is not None:
            self.drawn_size = (self.window.width(), self.window.height())
            self._stop.set()

    def _dress(self) -> None:
        kept = str(self._settings.value(LANGUAGE_KEY, ""))
        set_translator(load_translator(choose_language(self._arguments.language, kept)))
        set_theme(ThemeChoice(str(self._settings.value(THEME_KEY, ThemeChoice.SYSTEM))))

    def _listen_to_signals(self) -> None:
        if sys.platform == "win32":
            return  # there the console's own handling closes the program
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._stop.set)

    def _report(self, error: BaseException) -> None:
        if self.window is not None:
            CrashDialog(crash_report(error), self.window).open()


def _note(item: Message) -> None:
    _log.info("%s", item)
