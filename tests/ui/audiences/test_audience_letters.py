"""No letter leads to two places in the audiences' views, in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.ui.furnished import furnish
from tests.ui.moments import MOMENTS_ON_THE_STORE
from tests.ui.test_key_letters import in_both_languages
from tests.ui.views import ON_THE_STORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from invite_desktop.ui.main_window import MainWindow
    from tests.fakes.house import House
    from tests.ui.views import View


@pytest.mark.parametrize("view", [*ON_THE_STORE, *MOMENTS_ON_THE_STORE], ids=lambda view: view.name)
def test_a_letter_leads_to_one_place(
    qtbot: QtBot,
    house: House,
    run: Callable[..., Any],
    make_window: Callable[..., MainWindow],
    view: View,
):
    run(furnish(house))
    assert in_both_languages(qtbot, make_window(), view) == []
