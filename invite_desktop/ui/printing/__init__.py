"""What goes onto paper: drawn by Qt, which has letters for every script."""

from __future__ import annotations
