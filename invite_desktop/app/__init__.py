"""Composition root: start, wiring, shutdown, crash hooks and the command line."""

from __future__ import annotations
