"""A program that works on a database of its own, killed at some moment of its work."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from pathlib import Path


def kill_at_work(module: str, path: Path, chance: random.Random, longest: float) -> None:
    """Run a module, and kill it at most so many seconds after it has said that it is ready."""
    command = [sys.executable, "-m", module, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"ready\n"
        time.sleep(chance.uniform(0, longest))
        program.kill()
