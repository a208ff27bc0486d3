"""What the program answers to the shell."""

from __future__ import annotations

OK = 0
DISAGREES = 1
"""Done, but not to the end, or Telegram says something else than the ledger."""
REFUSED = 2
"""Not done, and the reason was printed in words."""
INTERRUPTED = 130
"""Ended by the user, as shells count it."""
