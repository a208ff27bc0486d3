"""Every refusal of the engine has its place in the window, and a test that shows it there."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "invite_desktop"
ROOMS = ("domain", "engine", "importing", "reporting", "store", "telegram")
"""Where refusals come from that a person at the window can meet."""

UI = "tests/ui"
BY_DEFAULT = f"{UI}/test_work.py::test_a_refusal_is_shown"
"""A box over the window: for what is wanted from a menu, where no field stands."""
LOG_IN = f"{UI}/test_add_account.py"
ACTION = f"{UI}/test_accounts_screen.py::test_a_rest_that_telegram_ordered_is_refused_in_words"
LINK = f"{UI}/test_link_panel.py::test_a_refusal_is_said_there"
MESSAGE = (
    f"{UI}/test_create_form.py::test_a_message_that_cannot_be_sent_is_refused_beside_the_field"
)
ATTACHMENT = (
    f"{UI}/test_message_preview.py::test_a_file_that_cannot_go_along_is_refused_beside_its_button"
)
AUDIENCE = f"{UI}/audiences/test_audience_list.py::test_an_empty_name_is_refused_in_the_form"
FILE = f"{UI}/test_import_screen.py::test_a_file_that_cannot_be_read_is_explained"
LIST = f"{UI}/test_do_not_contact_screen.py::test_a_list_that_cannot_be_read_is_explained"
PROXY = f"{UI}/test_proxy_dialog.py"
BACKUPS = f"{UI}/test_backups_dialog.py"
TRIAL = f"{UI}/test_trial_dialog.py::test_a_refusal_is_said_and_may_be_tried_again"
SAVING = f"{UI}/test_report_dialog.py::test_a_refusal_is_said_in_the_dialog"
START = f"{UI}/test_task_list.py::test_a_refused_start_is_explained"
FETCH = f"{UI}/test_telegram_dialog.py::test_a_refusal_is_said_and_the_choice_stays"
CREATION = f"{UI}/test_create_form.py::test_a_refused_creation_is_said_in_the_form"
EDIT = (
    f"{UI}/audiences/test_person_card.py"
    "::test_a_wrong_key_is_explained_under_its_field_and_not_saved"
)
CODE = f"{LOG_IN}::test_a_wrong_code_is_refused_and_can_be_typed_again"
KEYRING = f"{LOG_IN}::test_a_locked_keyring_asks_and_tries_again"
WORDS = f"{UI}/test_do_not_contact_words.py::test_a_refused_word_is_said_inside"
RUN = f"{UI}/test_import_screen.py::test_what_the_import_refuses_is_said_in_the_form"
OPENING = "tests/app/test_refused_opening.py::test_what_keeps_the_window_from_opening_is_told"

SHOWN_IN: dict[str, str] = {
    "domain/attachments.py": ATTACHMENT,
    "domain/chats.py": (
        f"{UI}/test_create_form.py::test_a_text_that_is_no_link_is_refused_beside_the_field"
    ),
    "domain/message_markup.py": MESSAGE,
    "domain/opt_out_words.py": WORDS,
    "domain/schedule.py": f"{UI}/test_schedules.py::test_what_cannot_be_is_said_beside_the_field",
    "domain/tasks.py": START,
    "domain/templates.py": MESSAGE,
    "engine/account_states.py": ACTION,
    "engine/accounts.py": f"{LOG_IN}::test_a_wrong_api_id_is_refused_beside_the_field",
    "engine/audience_sources.py": FETCH,
    "engine/audiences.py": AUDIENCE,
    "engine/bulk.py": (
        f"{UI}/test_accounts_screen.py::test_a_refusal_that_several_accounts_share_is_told_once"
    ),
    "engine/chat_admins.py": LINK,
    "engine/do_not_contact.py": LIST,
    "engine/exports.py": (
        f"{UI}/audiences/test_audience_list.py"
        "::test_a_place_that_cannot_be_written_is_explained_beside_the_list"
    ),
    "engine/imports.py": FILE,
    "engine/invite_links.py": LINK,
    "engine/join_requests.py": LINK,
    "engine/login_flow.py": CODE,
    "engine/message_check.py": MESSAGE,
    "engine/message_files.py": ATTACHMENT,
    "engine/only_by_link.py": f"{UI}/test_link_panel.py::test_a_list_that_cannot_be_read_is_said",
    "engine/patient_reader.py": FETCH,
    "engine/person_editing.py": EDIT,
    "engine/preflight.py": START,
    "engine/proxy.py": f"{PROXY}::test_what_cannot_be_right_is_not_kept",
    "engine/reports.py": SAVING,
    "engine/restored.py": f"{BACKUPS}::test_a_confirmation_that_cannot_be_settled_says_why",
    "engine/self_tests.py": f"{UI}/test_message_preview.py::test_a_test_that_was_refused_says_why",
    "engine/task_bin.py": BY_DEFAULT,
    "engine/task_control.py": START,
    "engine/task_copies.py": BY_DEFAULT,
    "engine/task_drafting.py": CREATION,
    "engine/task_use.py": BY_DEFAULT,
    "engine/tasks.py": f"{UI}/test_task_list_actions.py::test_a_task_is_renamed",
    "engine/trials.py": TRIAL,
    "importing/refusals.py": FILE,
    "reporting/refusals.py": SAVING,
    "store/audience_changes.py": AUDIENCE,
    "store/backup.py": f"{BACKUPS}::test_what_the_disk_refuses_is_said_in_the_dialog",
    "store/import_process.py": RUN,
    "store/import_writer.py": RUN,
    "store/peers.py": EDIT,
    "store/person_merge.py": EDIT,
    "store/schema.py": OPENING,
    "store/storage_errors.py": f"{BACKUPS}::test_what_the_disk_refuses_is_said_in_the_dialog",
    "store/task_creation.py": CREATION,
    "telegram/code_ways.py": CODE,
    "telegram/gateway.py": ACTION,
    "telegram/keyring_backends.py": KEYRING,
    "telegram/login_gateway.py": f"{LOG_IN}::test_a_refused_qr_code_can_be_asked_for_anew",
    "telegram/login_refusals.py": CODE,
    "telegram/proxy_gateway.py": f"{PROXY}::test_a_failed_test_is_told_in_words",
    "telegram/server_address.py": OPENING,
    "telegram/transport.py": f"{PROXY}::test_a_failed_test_is_told_in_words",
    "telegram/uploads.py": ATTACHMENT,
}


def _refusing(room: str) -> Iterator[str]:
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if named and node.func.id in ("KnownError", "LoginRefusedError"):
                yield path.relative_to(PACKAGE).as_posix()
                break


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


def test_every_module_that_refuses_has_its_place():
    found = {module for room in ROOMS for module in _refusing(room)}
    assert sorted(found - set(SHOWN_IN)) == []
    assert sorted(set(SHOWN_IN) - found) == []


@pytest.mark.parametrize("test", sorted(set(SHOWN_IN.values())))
def test_every_place_is_tested(test: str):
    file, name = test.split("::")
    assert name in _tests_of(ROOT / file)


def test_the_window_starts_coroutines_only_where_refusals_are_shown():
    started = {
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in (PACKAGE / "ui").rglob("*.py")
        for name in ("create_task(", "ensure_future(", "call_soon(", "asyncio.run(")
        if name in path.read_text(encoding="utf-8")
    }
    assert started == set()
