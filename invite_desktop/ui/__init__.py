"""The window: Qt widgets that show the engine's facts and pass on the user's wishes."""

from __future__ import annotations
