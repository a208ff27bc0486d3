"""One running program a profile: two would spend the same accounts' limits twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from filelock import FileLock, Timeout

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from types import TracebackType

    from invite_desktop.app.paths import Profile


class AlreadyOpenError(KnownError):
    """Another program works on the profile."""


class SingleInstance:
    """Holds a profile for this process; the system lets go of it even after a crash."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._lock = FileLock(profile.lock, timeout=0, thread_local=False)

    def acquire(self) -> None:
        """Take the profile. Raises AlreadyOpenError when another program has it."""
        try:
            self._lock.acquire()
        except Timeout as error:
            raise AlreadyOpenError(
                message(
                    "Invite Desktop is already open on the profile {directory}.",
                    directory=self._profile.directory,
                ),
                message("Go to the window that is open, or close it first."),
            ) from error

    def release(self) -> None:
        """Let go of the profile."""
        self._lock.release()

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()
