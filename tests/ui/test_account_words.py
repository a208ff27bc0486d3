"""What an account's condition is called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from invite_desktop.domain.accounts import Account, AccountState, Condition, Profile
from invite_desktop.domain.pace import PaceDecision, PaceReason
from invite_desktop.engine.views import AccountView
from invite_desktop.ui.accounts.account_words import condition_words

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FREE = PaceDecision(NOW, PaceReason.NOW)


@pytest.mark.parametrize(
    ("task", "imports", "words"),
    [
        ("Club", (), "Busy: Club"),
        (None, ("Members of “Chess”",), "Reads a list: Members of “Chess”"),
        ("Club", ("Contacts",), "Busy: Club; Reads a list: Contacts"),
    ],
)
def test_a_busy_account_says_with_what(
    qtbot: QtBot, task: str | None, imports: tuple[str, ...], words: str
):
    del qtbot
    account = Account(1, Profile(700, "Anna"), AccountState.READY, NOW)
    view = AccountView(account, AccountState.READY, task, {}, FREE, Condition.BUSY, imports=imports)
    assert condition_words(view, NOW) == words
