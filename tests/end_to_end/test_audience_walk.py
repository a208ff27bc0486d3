"""People from Telegram, the do-not-contact list and the audiences in the real window."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QWidget

from invite_desktop.ui.audiences.audience_forms import SubtractForm, UniteForm
from invite_desktop.ui.audiences.person_card import PersonCard
from invite_desktop.ui.do_not_contact.list_dialog import ListDialog
from invite_desktop.ui.import_sections import Section
from invite_desktop.ui.tabs import Tab
from invite_desktop.ui.telegram_sources.telegram_dialog import TelegramDialog
from invite_desktop.ui.theme import ThemeChoice
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.columns import CellRole
from tests.end_to_end.walker import walk_through
from tests.ui.conftest import drop_files

if TYPE_CHECKING:
    from pathlib import Path

    from invite_desktop.ui.audiences.audiences_screen import AudiencesScreen
    from tests.end_to_end.walker import Walker

_W = TypeVar("_W", bound=QWidget)

GUESTS = "Ник;Имя\n@walker_anna;Анна\n@walker_boris;Борис\n@walker_vera;Вера\n@walker_gleb;Глеб\n"
NO_MORE = "Телефон;Ник\n;@walker_vera\n+7 900 111-22-33;\nнет;нет\n"


def _lists(place: Path) -> tuple[Path, Path]:
    guests, no_more = place / "Гости.csv", place / "Отписались.csv"
    guests.write_text(GUESTS, encoding="utf-8")
    no_more.write_text(NO_MORE, encoding="utf-8")
    return guests, no_more


async def _walk(walker: Walker, guests: Path, no_more: Path) -> None:
    await _import_guests(walker, guests)
    await _import_members(walker)
    await _forbid(walker, no_more)
    await _see_who_can_be_used(walker)
    await _change_the_audiences(walker)


async def _import_guests(walker: Walker, guests: Path) -> None:
    await walker.drop(guests)
    await walker.sees("@walker_vera")
    walker.accept_basis()
    await walker.click(tr("&Import"))
    await walker.sees(tr("“{name}” is imported", name=guests.stem))


async def _import_members(walker: Walker) -> None:
    await walker.click(tr("&Back to import"))
    await walker.click(tr("From &Telegram…"))
    dialog = await _opened(walker, TelegramDialog)
    await walker.until(lambda: dialog.chats.model.rowCount() > 0, "the chats")
    dialog.chats.table.choose_position(0)
    await walker.until(dialog.import_button.isEnabled, "a chat that is chosen")
    await walker.picture("people_from_telegram")
    name = dialog.name_field.placeholderText()
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    await walker.sees(tr("“{name}” is imported", name=name))
    await walker.picture("members_imported")


async def _forbid(walker: Walker, no_more: Path) -> None:
    sections = walker.window.tabs.import_sections
    sections.go_to(Section.DO_NOT_CONTACT)
    await walker.sees(tr("Nobody is on the list"))
    drop_files(sections.do_not_contact.drop_area, [no_more])
    dialog = await _opened(walker, ListDialog)
    QTest.keyClicks(dialog.reason, "asked by phone")
    await walker.picture("do_not_contact_file")
    QTest.mouseClick(dialog.import_button, Qt.MouseButton.LeftButton)
    await walker.until(lambda: tr("Joined the list") in _texts_of(dialog), "the result")
    assert [tile.accessibleName().rsplit(" ", 1)[-1] for tile in dialog.tiles] == list("3201")
    await walker.picture("do_not_contact_result")
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)
    await walker.sees("@walker_vera", "asked by phone")


async def _see_who_can_be_used(walker: Walker) -> None:
    walker.window.menus.new_task.trigger()
    field = walker.field(QComboBox, tr("Audience"))
    await walker.until(lambda: field.count() == 3, "the two audiences")
    walker.choose(field, "Гости")
    usable = tr_n("{count} person can be used", "{count} people can be used", 3)
    await walker.sees(usable, tr("opted out: {count}", count=1))
    await walker.picture("usable_in_the_form")


async def _change_the_audiences(walker: Walker) -> None:
    tabs = walker.window.tabs
    tabs.go_to(Tab.IMPORT)
    tabs.import_sections.go_to(Section.AUDIENCES)
    screen = tabs.import_sections.audiences
    await walker.until(lambda: len(_audiences(screen)) == 2, "two audiences")
    members = next(name for name in _audiences(screen) if name != "Гости")
    both = _audiences(screen)["Гости"] + _audiences(screen)[members]
    await _edit_somebody(walker, screen)
    screen.list.table.selectAll()
    screen.list.actions_on_audiences.unite.trigger()
    form = await _opened(walker, UniteForm)
    _fill_in(form, form.name, "All of them")
    await walker.until(lambda: _audiences(screen).get("All of them") == both, "the union")
    _choose(screen, "All of them")
    screen.list.actions_on_audiences.subtract.trigger()
    subtract = await _opened(walker, SubtractForm)
    (guests,) = subtract.minus.findItems("Гости", Qt.MatchFlag.MatchStartsWith)
    guests.setCheckState(Qt.CheckState.Checked)
    await walker.picture("subtract")
    _fill_in(subtract, subtract.name, "Without guests")
    left = _audiences(screen)[members]
    await walker.until(lambda: _audiences(screen).get("Without guests") == left, "the difference")
    await walker.picture("audiences")
    await _delete_and_undo(walker, screen)


async def _edit_somebody(walker: Walker, screen: AudiencesScreen) -> None:
    _choose(screen, "Гости")
    screen.list.actions_on_audiences.open.trigger()
    QTest.keyClicks(screen.page.search, "walker_gleb")
    people = screen.page.table.people
    await walker.until(lambda: people.rowCount() == 1, "the person who is searched")
    await walker.sees("@walker_gleb")
    screen.page.table.choose_position(0)
    screen.page.actions_on_people.open.trigger()
    card = await _opened(walker, PersonCard)
    await walker.until(lambda: bool(card.heading.text()), "her card")
    card.fields.full_name.selectAll()
    QTest.keyClicks(card.fields.full_name, "Gleb Kimov")
    await walker.picture("person_edited")
    QTest.mouseClick(card.save_button, Qt.MouseButton.LeftButton)
    await walker.until(lambda: not card.save_button.isEnabled(), "the saved card")
    card.close()
    await walker.sees("Gleb Kimov")
    screen.page.search.clear()
    screen.show_list()


async def _delete_and_undo(walker: Walker, screen: AudiencesScreen) -> None:
    before = _audiences(screen)
    _choose(screen, "Without guests")
    screen.list.actions_on_audiences.delete.trigger()
    await walker.until(lambda: "Without guests" not in _audiences(screen), "the deletion")
    await walker.picture("deleted")
    screen.undo_bar.undo()
    await walker.until(lambda: _audiences(screen) == before, "the deleted audience")


def _audiences(screen: AudiencesScreen) -> dict[str, int]:
    return {row.audience.name: row.audience.people for row in screen.list.model.rows}


def _choose(screen: AudiencesScreen, name: str) -> None:
    table = screen.list.table
    rows = [table.model().index(i, 0).data(CellRole.ROW) for i in range(table.model().rowCount())]
    table.choose_position([row.audience.name for row in rows].index(name))


def _fill_in(form: QWidget, field: QLineEdit, text: str) -> None:
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.mouseClick(form.yes_button, Qt.MouseButton.LeftButton)


async def _opened(walker: Walker, kind: type[_W]) -> _W:
    def shown() -> list[_W]:
        everything = QApplication.allWidgets()
        return [each for each in everything if isinstance(each, kind) and each.isVisible()]

    await walker.until(lambda: bool(shown()), kind.__name__)
    await asyncio.sleep(0.05)
    return shown()[0]


def _texts_of(dialog: QWidget) -> str:
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


@pytest.mark.screen
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("language", "theme"),
    [
        ("ru", ThemeChoice.DARK),
        pytest.param("en", ThemeChoice.LIGHT, marks=pytest.mark.long),
    ],
)
def test_from_telegram_and_the_do_not_contact_list_to_the_audiences(
    qapp, tmp_path, language, theme
):
    guests, no_more = _lists(tmp_path)

    async def walk(walker: Walker) -> None:
        await _walk(walker, guests, no_more)

    name = f"audiences_{language}_{theme}"
    walk_through(qapp, tmp_path, walk, pictures=name, language=language, theme=theme)
