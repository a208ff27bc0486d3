"""Whether what is kept can still be kept."""

from __future__ import annotations

from typing import Protocol


class StorageCheck(Protocol):
    """Looks at the place where the data live."""

    async def free_bytes(self) -> int:
        """Return how much room the disk of the data has left."""
        ...

    async def try_writing(self) -> None:
        """Write something durably that changes nothing. Raises KnownError when that fails."""
        ...
