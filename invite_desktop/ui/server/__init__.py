"""What a rehearsal's server sees, beside what the program's own books say."""

from __future__ import annotations
