"""What is written comes back, in every format."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.importing.normalise import clean_name, read_username
from tests.examples import examples
from tests.importing.reading import people, read
from tests.importing.workbook_writers import write_ods, write_xlsx

USERNAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{4,31}", fullmatch=True).filter(read_username)
PHONES = st.integers(9_000_000_000, 9_009_999_999).map("+7{}".format)
IDS = st.integers(10_000, 2**52 - 1).map(str)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]) | st.just("\n"), max_size=30
).map(str.strip)
PEOPLE = st.lists(
    st.fixed_dictionaries(
        {
            "username": USERNAMES | st.just(""),
            "phone": PHONES | st.just(""),
            "telegram_id": IDS | st.just(""),
            "full_name": TEXTS,
            "Город": TEXTS,
        }
    ).filter(lambda one: one["username"] or one["phone"] or one["telegram_id"]),
    min_size=1,
    max_size=8,
)
COLUMNS = ["username", "phone", "telegram_id", "full_name", "Город"]
OPTIONS = ReadOptions(has_header=True)
SETTINGS = settings(
    deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.too_slow]
)


def expected(written: list[dict[str, str]]) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            one["username"],
            one["phone"],
            one["telegram_id"],
            clean_name(one["full_name"]),
            one["Город"],
        )
        for one in written
    ]


def came_back(path: Path) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            row.keys.username or "",
            row.keys.phone or "",
            str(row.keys.telegram_id or ""),
            row.full_name,
            row.extra.get("Город", ""),
        )
        for row in people(read(path, OPTIONS))
    ]


@SETTINGS
@given(
    PEOPLE,
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_csv(written: list[dict[str, str]], delimiter: str, encoding: str, quoting: int):
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, delimiter=delimiter, quoting=quoting)
    writer.writeheader()
    writer.writerows(written)
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(text.getvalue().encode(encoding))
        assert came_back(path) == expected(written)


@SETTINGS
@given(PEOPLE, st.booleans())
def test_json(written: list[dict[str, str]], lines: bool):
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.ndjson" if lines else "a.json")
        texts = [json.dumps(one) for one in written]
        path.write_text("\n".join(texts) if lines else f'{{"people": [{",".join(texts)}]}}')
        assert came_back(path) == expected(written)


@SETTINGS
@given(PEOPLE, st.sampled_from(["xlsx", "ods"]))
def test_workbooks(written: list[dict[str, str]], ending: str):
    one_line = [{key: " ".join(value.split()) for key, value in one.items()} for one in written]
    rows = [COLUMNS, *[[one[column] for column in COLUMNS] for one in one_line]]
    with TemporaryDirectory() as folder:
        path = Path(folder, f"a.{ending}")
        write_xlsx(path, {"S": rows}) if ending == "xlsx" else write_ods(path, rows)
        assert came_back(path) == expected(one_line)
