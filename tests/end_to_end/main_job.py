"""The main job as steps of a walk: a list comes in, and a task with it is made and started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from invite_desktop.ui.translations import tr
from tests.end_to_end.program import SAMPLES

if TYPE_CHECKING:
    from tests.end_to_end.walker import Walker

PEOPLE_COUNT = "152"
PEOPLE = SAMPLES / "crm_export_cp1251.csv"


async def import_people(walker: Walker) -> None:
    await walker.drop(PEOPLE)
    await walker.sees("Лада Дубова", "REHEARSAL_7_00000")
    await walker.picture("file_dropped")
    await walker.click(tr("&Import"))
    await walker.sees(tr("Choose why these people may be contacted."))
    await walker.picture("basis_required")
    walker.accept_basis()
    await walker.click(tr("&Import"))
    await walker.sees(tr("“{name}” is imported", name=PEOPLE.stem), "164", "152")
    await walker.picture("import_report")


async def create_and_start(walker: Walker) -> None:
    await walker.click(tr("&Task with this audience"))
    address = walker.field(QLineEdit, tr("Group or channel: id or link"))
    QTest.keyClicks(address, "t.me/rehearsal_club")
    await walker.sees("Клуб репетиции")
    await walker.picture("link_checked")
    await walker.until(
        lambda: PEOPLE.stem in walker.field(QComboBox, tr("Audience")).currentText(), "audience"
    )
    await walker.picture("form_filled")
    await walker.click(tr("Create and &start"))


def shown(walker: Walker, caption: str) -> int:
    """The number of a tile, as its accessible name says it."""
    names = [w.accessibleName() for w in walker.visible(QWidget)]
    found = [name for name in names if name.startswith(f"{caption}:")]
    assert found, f"no number of “{caption}” among {[name for name in names if name]}"
    digits = "".join(letter for letter in found[0] if letter.isdigit())
    return int(digits or 0)
