"""Brings every exception that nobody caught to one place, wherever it was raised."""

from __future__ import annotations

import logging
import platform
import sys
import threading
from typing import TYPE_CHECKING, Any

from invite_desktop import __version__
from invite_desktop.app.redaction import describe

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from types import TracebackType

_log = logging.getLogger(__name__)
_REPORTED_PARTS = ("PySide6_Essentials", "qasync", "Telethon", "peewee", "keyring")


class CrashHooks:
    """Logs every uncaught exception, and passes each distinct one to ``report`` once.

    ``report`` may be called from any thread and gets known errors too. A slot of Qt fails through
    ``sys.excepthook``, a callback or forgotten task through the loop's exception handler.
    """

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._seen: set[str] = set()

    def install(self) -> None:
        """Take over the hooks of the interpreter and of its threads."""
        sys.excepthook = self._from_interpreter
        sys.unraisablehook = self._from_destructor
        threading.excepthook = self._from_thread

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        threading.excepthook = threading.__excepthook__

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take over the exception handler of an event loop."""
        loop.set_exception_handler(self._from_loop)

    def caught(self, error: BaseException) -> None:
        """Log an error; report it unless the same one has been reported before."""
        trace = describe(error)
        _log.error("Uncaught exception", exc_info=error)
        if trace in self._seen:
            return
        self._seen.add(trace)
        try:
            self._report(error)
        except Exception as failure:  # noqa: BLE001 - the last resort stands whatever happens
            _log.exception("The report itself failed")
            sys.__excepthook__(type(failure), failure, failure.__traceback__)

    def _from_interpreter(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self.caught(error)

    def _from_thread(self, failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None and not isinstance(failure.exc_value, SystemExit):
            self.caught(failure.exc_value)

    def _from_destructor(self, failure: sys.UnraisableHookArgs) -> None:
        """Log only: the object is gone already, and the program goes on without it."""
        if failure.exc_value is not None:
            _log.error("Exception in a destructor", exc_info=failure.exc_value)

    def _from_loop(self, _loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        self.caught(error if error is not None else RuntimeError(context["message"]))


def crash_report(error: BaseException) -> str:
    """Return what the user may send on: versions and the trace, without her data."""
    lines = [
        f"Invite Desktop {__version__}",
        f"Python {platform.python_version()}, {platform.platform()}",
        ", ".join(f"{part} {_version(part)}" for part in _REPORTED_PARTS),
        "",
        describe(error),
    ]
    return "\n".join(lines)


def _version(part: str) -> str:
    import importlib.metadata  # noqa: PLC0415 - reads mail headers: not before the window shows

    try:
        return importlib.metadata.version(part)
    except importlib.metadata.PackageNotFoundError:
        return "?"
