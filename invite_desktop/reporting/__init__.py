"""Reports of results: one file a format."""

from __future__ import annotations
