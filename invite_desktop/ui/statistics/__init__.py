"""The Statistics tab: each number once, and the execution log."""

from __future__ import annotations
