"""Everything that is kept: peewee on SQLite, private to this package."""

from __future__ import annotations
