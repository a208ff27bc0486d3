"""JSON in the shapes that exports have."""

from __future__ import annotations

import codecs
import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import ijson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.importing.encodings import detect_encoding
from invite_desktop.importing.json_events import JsonEvents
from tests.importing.reading import keys, people, preview, problems, read_text, written

USERS = [{"username": "user_1", "name": "Лада"}, {"username": "user_2", "name": "Борис"}]
FOUND = [("user_1", None, None), ("user_2", None, None)]


@pytest.mark.parametrize(
    "document",
    [
        USERS,
        {"users": USERS},
        {"ok": True, "result": {"total": 2, "page": {"members": USERS}}},
        {"columns": ["username", "name"], "users": USERS},
        {"log": [{"event": "start"}] * 300, "users": USERS},
        {"chats": [{"members": USERS[:1]}, {"members": USERS[1:]}]},
        [{"user": user} for user in USERS],
        ["@user_1", "https://t.me/user_2"],
        [["user_1", "Лада Дубова"], ["@user_2", "Борис Котов"]],
        {"empty": [], "users": USERS},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["a.json", "a.txt", "a.csv"])
def test_list_is_found_wherever_it_lies(tmp_path: Path, name: str, document: object):
    assert keys(read_text(tmp_path, name, json.dumps(document, indent=1))) == FOUND


@pytest.mark.parametrize("name", ["a.ndjson", "a.jsonl", "a.json", "a.txt"])
def test_object_a_line(tmp_path: Path, name: str):
    text = "\n".join(json.dumps(user) for user in USERS)
    assert keys(read_text(tmp_path, name, text)) == FOUND
    assert keys(read_text(tmp_path, name, text + "\n\n")) == FOUND


@pytest.mark.parametrize(
    ("mark", "codec"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (b"", "utf-16-be"),
        (b"", "cp1251"),
    ],
)
def test_encodings(tmp_path: Path, mark: bytes, codec: str):
    text = json.dumps({"users": USERS}, ensure_ascii=False)
    rows = people(read_text(tmp_path, "a.json", mark + text.encode(codec)))
    assert [row.full_name for row in rows] == ["Лада", "Борис"]


@pytest.mark.parametrize("name", ["a.json", "a.txt"])
@pytest.mark.parametrize(
    "sample", [{"username": "user_{}", "note": "x" * 500}, "@user_{}" + "_" * 9]
)
def test_document_without_line_breaks_may_be_long(tmp_path: Path, name: str, sample: object):
    count = 12_000 if isinstance(sample, dict) else 80_000
    one = json.dumps(sample, separators=(",", ":"))
    text = "[" + ",".join(one.replace("{}", str(i)) for i in range(count)) + "]"
    assert len(read_text(tmp_path, name, text)) == count


def test_values_of_every_kind_become_text(tmp_path: Path):
    value = {
        "username": "user_1",
        "phone": 79000000000,
        "telegram_id": 500700000.0,
        "tags": ["vip", "b2b"],
        "active": True,
        "score": 1.5,
        "nothing": None,
        "consent_date": "2025-10-12",
        "place": {"city": "Омск"},
        "bad": "\ud800",
    }
    (row,) = people(read_text(tmp_path, "a.json", json.dumps([value])))
    assert (row.keys.phone, row.keys.telegram_id) == ("+79000000000", 500700000)
    assert row.consent_date == date(2025, 10, 12)
    assert row.extra == {
        "tags": "vip, b2b",
        "active": "True",
        "score": "1.5",
        "place.city": "Омск",
        "bad": "?",
    }


@pytest.mark.parametrize("joint", ["\n", ",\n"])
def test_keys_that_come_late_are_columns_too(tmp_path: Path, joint: str):
    users = [{"username": f"user_{i}"} for i in range(500)]
    users.append({"phone": "+79000000000", "city": "Омск"})
    text = joint.join(json.dumps(user) for user in users)
    rows = people(read_text(tmp_path, "a.json", f"[{text}]" if joint != "\n" else text))
    assert rows[-1].keys.phone == "+79000000000"
    assert rows[-1].extra == {"city": "Омск"}
    assert rows[-1].number == 501


def test_preview_shows_keys_as_header(tmp_path: Path):
    shown = preview(written(tmp_path, "a.json", json.dumps(USERS)))
    assert list(shown.header) == ["username", "name"]
    assert list(shown.rows) == [["user_1", "Лада"], ["user_2", "Борис"]]


def test_item_that_is_no_object_is_an_invalid_row(tmp_path: Path):
    rows = read_text(tmp_path, "a.json", '[{"username": "user_1"}, 5, null, {"username": "@"}]')
    assert keys(rows) == [("user_1", None, None)]
    assert problems(rows) == {"no_key": 1, "bad_username": 1}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("a.é", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a.", max_size=3), inner),
    max_leaves=20,
)


@given(JSON)
def test_events_have_the_prefixes_that_ijson_gives_them(value: object):
    text = json.dumps(value)
    with TemporaryDirectory() as folder:
        path = written(Path(folder), "a.json", text)
        events = list(JsonEvents(path, detect_encoding(path)))
    assert events == list(ijson.parse(text.encode()))
