"""The Import tab's saved audiences: the list, one audience's page, one person's card."""

from __future__ import annotations
