"""The Tasks tab: the list, the form for a new task, and one task's own page."""

from __future__ import annotations
