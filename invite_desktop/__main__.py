"""The program's entrance: ``python -m invite_desktop`` and the ``invite-desktop`` command."""

from __future__ import annotations

import multiprocessing
import sys


def main() -> int:
    """Run the program and return its exit code.

    The packaged program is also what its own reading processes are started from.
    """
    multiprocessing.freeze_support()
    from invite_desktop.app.main import run  # noqa: PLC0415 - keeps the entrance light

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
