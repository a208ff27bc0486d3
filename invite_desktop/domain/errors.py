"""Errors that are the world's fault; every other exception is a bug of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from invite_desktop.domain.messages import Message


class KnownError(Exception):
    """Something outside the program went wrong, in words that are safe to show.

    ``next_step`` says what the user can do about it. Anything raised that is not a KnownError
    opens the bug report window.
    """

    def __init__(self, explanation: Message, next_step: Message | None = None) -> None:
        super().__init__(str(explanation))
        self.explanation = explanation
        self.next_step = next_step
