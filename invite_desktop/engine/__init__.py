"""Use cases over ports: the whole product runs headless here."""

from __future__ import annotations
