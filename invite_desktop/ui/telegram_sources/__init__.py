"""People whom the user's own accounts know, as audiences."""

from __future__ import annotations
