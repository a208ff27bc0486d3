"""Files of people into rows: detection, column mapping and normalisation."""

from __future__ import annotations
