"""Numbered steps from one released schema to the next."""

from __future__ import annotations
