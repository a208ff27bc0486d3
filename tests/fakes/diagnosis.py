"""A diagnosis that finds what a test tells it to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.domain.diagnosis import Area, Finding, Gravity
from invite_desktop.domain.messages import message

if TYPE_CHECKING:
    from collections.abc import Sequence


class FakeDiagnosis:
    def __init__(self) -> None:
        self.findings: list[Finding] = [
            Finding(Area.TASK, Gravity.FINE, message("The task is running."))
        ]
        self.looks = 0

    async def of_task(self, task_id: int) -> Sequence[Finding]:
        self.looks += 1
        return list(self.findings)
