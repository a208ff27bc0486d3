"""What every screen is given: the engine and the ways to reach the world around the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from invite_desktop.engine.engine import Engine
    from invite_desktop.engine.ports.server_view import ServerView
    from invite_desktop.ui.engine_bridge import EngineBridge
    from invite_desktop.ui.notices import Notices
    from invite_desktop.ui.settings import SettingsStore
    from invite_desktop.ui.work import Work


@dataclass(frozen=True, slots=True)
class RehearsalInfo:
    """What the window says and offers while nobody real is contacted.

    ``club_link`` is a chat that the demo accounts administer; ``phone_codes`` maps the phones that
    can be logged in to their codes; ``set_speed`` makes the program's clock run so many times as
    fast as real time; ``password`` is the two-step password of the demo accounts that have one;
    ``server`` shows the server's side, None when it is another process; ``newcomers`` are phones
    that can be added by hand; ``scan`` lets one of them accept the QR code behind a link, and
    raises KnownError when it cannot.
    """

    club_link: str
    phone_codes: Mapping[str, str]
    speed: float
    set_speed: Callable[[float], None]
    password: str = ""
    server: ServerView | None = None
    newcomers: Sequence[str] = ()
    scan: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """Handed to every screen. ``temporary`` is a folder for pasted lists, emptied by the app."""

    engine: Engine
    work: Work
    bridge: EngineBridge
    notices: Notices
    settings: SettingsStore
    temporary: Path
    rehearsal: RehearsalInfo | None = None
