"""What the engine needs of the world, as Protocols; adapters implement them."""

from __future__ import annotations
