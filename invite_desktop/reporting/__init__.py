"""What leaves the program as a file: tables for spreadsheets."""

from __future__ import annotations
