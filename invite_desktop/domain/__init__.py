"""Values and rules of the field: standard library only, no clock and no event loop of its own."""

from __future__ import annotations
