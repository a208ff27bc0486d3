"""The audiences' views without a mouse, read aloud, and on the smallest screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from invite_desktop.ui.translations import load_translator, set_translator
from tests.ui.furnished import furnish
from tests.ui.moments import MOMENTS_ON_THE_STORE
from tests.ui.usable import complaints
from tests.ui.views import ON_THE_STORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.house import House
    from tests.ui.views import View

STORED = [*ON_THE_STORE, *MOMENTS_ON_THE_STORE]
SETTLING_MS = 200


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("view", STORED, ids=lambda view: view.name)
def test_everybody_can_use_it(
    qtbot: QtBot,
    house: House,
    run: Callable[..., Any],
    make_window: Callable[..., MainWindow],
    view: View,
    language: str,
):
    set_translator(load_translator(language))
    run(furnish(house))
    window = make_window()
    assert complaints(qtbot, window, view, SETTLING_MS) == []
