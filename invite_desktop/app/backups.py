"""``invite-desktop backups`` and ``restore``: copies of the database, without opening a window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from invite_desktop.app.exit_codes import OK
from invite_desktop.app.paths import choose_profile
from invite_desktop.app.single_instance import SingleInstance
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.store.backup import (
    backups_in,
    finish_restore,
    make_backup,
    now,
    prepare_restore,
)

if TYPE_CHECKING:
    from invite_desktop.app.arguments import Arguments
    from invite_desktop.app.console import Console
    from invite_desktop.app.paths import Profile


def list_backups(arguments: Arguments, console: Console) -> int:
    """Print the backups of a profile, newest first, after making one if that was asked for."""
    profile = _profile(arguments)
    if arguments.make:
        _require_database(profile)
        make_backup(profile.database, profile.backups, now())
    backups = backups_in(profile.backups)
    if arguments.json:
        console.result(
            [
                {
                    "name": backup.name,
                    "path": str(backup.path),
                    "made_at": backup.made_at.isoformat(),
                    "size": backup.size,
                }
                for backup in backups
            ]
        )
        return OK
    if not backups:
        console.say(message("There is no backup yet."))
    console.table(
        [(backup.name, f"{backup.made_at:%Y-%m-%d %H:%M} UTC", backup.size) for backup in backups]
    )
    return OK


def restore(arguments: Arguments, console: Console) -> int:
    """Put a backup in the place of the database, which is kept among the backups."""
    profile = _profile(arguments)
    profile.make()
    kept = profile.backups / arguments.backup
    with SingleInstance(profile):
        # A prepared one that no start has put in place yet is part of what is replaced.
        finish_restore(profile.database, profile.backups, now())
        prepare_restore(kept if kept.is_file() else Path(arguments.backup), profile.database)
        finish_restore(profile.database, profile.backups, now())
    console.say(
        message(
            "The backup is in place. Sending is off until you confirm it in the window: "
            "“Backups…” in the menu."
        )
    )
    return OK


def _profile(arguments: Arguments) -> Profile:
    return choose_profile(arguments.profile, rehearsal=arguments.rehearsal)


def _require_database(profile: Profile) -> None:
    if not profile.database.exists():
        raise KnownError(
            message("There is no database in {directory} yet.", directory=profile.directory),
            message("Choose another folder with --profile."),
        )
