"""The Import tab's list of people who are never contacted."""

from __future__ import annotations
