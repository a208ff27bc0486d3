"""The Import tab: files become a named audience."""

from __future__ import annotations
