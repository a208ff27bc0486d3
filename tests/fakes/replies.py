"""The engine's replies, for screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from invite_desktop.domain.errors import KnownError


class FakeReplies:
    def __init__(self) -> None:
        self.kept: list[str] = []
        self.refusal: KnownError | None = None

    async def patterns(self) -> Sequence[str]:
        return self.kept

    async def set_patterns(self, patterns: Sequence[str]) -> Sequence[str]:
        if self.refusal is not None:
            raise self.refusal
        self.kept = list(patterns)
        return self.kept
