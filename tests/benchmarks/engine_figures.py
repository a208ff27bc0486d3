"""Figures of the engine's benchmarks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in words, and whether it keeps its bound."""

    words: str
    holds: bool

    def __str__(self) -> str:
        return f"{self.words}{'' if self.holds else '   MISSED'}"
