"""At which step the first start goes on, in the ordinary window and in the rehearsal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from invite_desktop.ui.first_start import FIRST_START_KEY, FIRST_START_OVER, Step

if TYPE_CHECKING:
    from invite_desktop.app.paths import Profile
    from invite_desktop.engine.engine import Engine


async def first_step(settings: QSettings, engine: Engine, *, rehearses: bool) -> Step | None:
    """Return the step at which the first start goes on, None when it is over.

    A rehearsal that was opened by itself begins without it.
    """
    kept = str(settings.value(FIRST_START_KEY, ""))
    if kept == FIRST_START_OVER:
        return None
    if await engine.tasks.views() or await engine.audiences.all():
        return None
    has_accounts = bool(await engine.accounts.views())
    if kept not in tuple(Step):
        return None if has_accounts or rehearses else Step.WELCOME
    return Step.AUDIENCE if has_accounts else Step(kept)


def lead_on(profile: Profile) -> None:
    """Let the rehearsal's window go on with the first list, unless it was seen before."""
    settings = QSettings(str(profile.settings), QSettings.Format.IniFormat)
    if not settings.contains(FIRST_START_KEY):
        settings.setValue(FIRST_START_KEY, Step.AUDIENCE.value)
        settings.sync()
