"""Which column holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from invite_desktop.engine.ports.files import ReadOptions
from invite_desktop.importing.header_words import RANKS, field_of_header, normal_header
from tests.importing.reading import keys, people, preview, problems, read, read_text, written

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *[(word, "username") for word in ("username", "User", "LOGIN", "Nickname", "ник")],
        *[(word, "username") for word in ("юзернейм", "Telegram", "Ник в Telegram", "userName")],
        *[(word, "username") for word in ("Ваш телеграм", "Telegram (если есть)", "tg")],
        *[(word, "phone") for word in ("phone", "Phone_Number", "author_phone", "telephone")],
        *[(word, "phone") for word in ("Mobile", "Телефон", "тел.", "Номер телефона", "Моб.тел.")],
        *[(word, "phone") for word in ("Контактный телефон клиента", "Телефон в Telegram")],
        *[(word, "telegram_id") for word in ("user_id", "platform_id", "telegram_id", "tg_id")],
        *[(word, "telegram_id") for word in ("ID в телеграм", "userId", "telegram id")],
        *[(word, "full_name") for word in ("name", "full_name", "display_name", "имя", "ФИО")],
        ("first_name", "first_name"),
        ("Фамилия", "last_name"),
        ("Фамилия и имя участника", "full_name"),
        ("E-mail", "email"),
        ("Электронная почта", "email"),
        ("Теги", "tags"),
        ("Комментарий", "note"),
        ("Дата согласия", "consent_date"),
        ("user.username", "username"),
        ("id", "bare_id"),
        ("user.id", "telegram_id"),
        ("group.id", ""),
        ("Город", ""),
        ("created_at", ""),
        ("", ""),
        ("x" * 500 + " phone", ""),
    ],
)
def test_header_stands_for_a_field(header: str, field: str):
    assert field_of_header(header) == field


def test_every_known_name_is_written_in_the_form_it_is_looked_up_in():
    assert [word for word in RANKS if normal_header(word) != word] == []


TABLES = {
    "explicit id wins over bare id": (
        "id,user_id,name\n1,500700000,А\n2,600700001,Б\n",
        ["extra", "telegram_id", "full_name"],
    ),
    "bare id of Telegram's size": (
        "id,name\n500700000,А\n601234567,Б\n7123456789,В\n",
        ["telegram_id", "full_name"],
    ),
    "bare id that counts rows": (
        "id,username\n900001,user_1\n900002,user_2\n900003,user_3\n",
        ["extra", "username"],
    ),
    "bare id of a shop": ("id,username\n17,user_1\n520,user_2\n", ["extra", "username"]),
    "name beside last name": (
        "Имя,Фамилия,Телефон\nА,Б,+79000000000\n",
        ["first_name", "last_name", "phone"],
    ),
    "surest of several": (
        "user,telegram,phone\nИван,@user_1,\n",
        ["extra", "username", "phone"],
    ),
    "filled of several": (
        "telegram,username\n,user_1\n,user_2\n",
        ["extra", "username"],
    ),
    "question whose word misleads": (
        "Телефон подтверждён?,username\nда,user_1\nнет,user_2\n",
        ["extra", "username"],
    ),
    "consent in words": ("username,Согласие\nuser_1,да\n", ["username", "extra"]),
    "consent as a day": ("username,Согласие\nuser_1,12.10.2025\n", ["username", "consent_date"]),
    "unknown header": (
        "Контакт А;Контакт Б;Кто\n@user_1;+79000000000;Иван\n@user_2;;Пётр\n",
        ["username", "phone", "extra"],
    ),
    "no header": (
        "@user_1;+79000000000;Иван Иванов\nuser_2;+79000000001;Пётр Петров\n",
        ["username", "phone", "full_name"],
    ),
    "no header, ids and e-mails": (
        "500700000;a@example.invalid\n7123456789;b@example.invalid\n601234567;c@example.invalid\n",
        ["telegram_id", "email"],
    ),
    "no header, Latin names are no usernames": (
        "Alice;+79000000000\nBruno;+79000000001\nDmitri;+79000000002\n",
        ["full_name", "phone"],
    ),
    "mixed column": (
        "Кто;Связь\nИван;@user_1\nПётр;+79000000000\nАнна;звонила\n",
        ["extra", "username"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_guess(tmp_path: Path, name: str):
    text, fields = TABLES[name]
    assert list(preview(written(tmp_path, "a.csv", text)).fields) == fields


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("username\nuser_1\n", True),
        ("user_1\nuser_2\n", False),
        ("Контакт;Имя\n@user_1;Иван\n", True),
        ("@user_1;Иван\n@user_2;Пётр\n", False),
        ("Наш список\n\nusername;phone\nuser_1;+79000000000\n", True),
    ],
)
def test_header_is_told_from_data(tmp_path: Path, text: str, *, has_header: bool):
    path = written(tmp_path, "a.csv", text)
    assert preview(path).has_header is has_header
    assert len(people(read(path))) == text.count("user_")


def test_header_choice_of_the_user_wins(tmp_path: Path):
    path = written(tmp_path, "a.csv", "user_1;Иван\nuser_2;Пётр\n")
    as_header = ReadOptions(has_header=True, columns={0: "username"})
    assert keys(read(path, as_header)) == [("user_2", None, None)]
    as_data = ReadOptions(has_header=False)
    named = written(tmp_path, "b.csv", "username,name\nuser_1,Иван\n")
    assert preview(named, as_data).has_header is False


def test_column_choice_of_the_user_wins(tmp_path: Path):
    path = written(tmp_path, "a.csv", "username,other,secret,kept\nuser_1,user_2,x,y\n")
    options = ReadOptions(columns={0: "extra", 1: "username", 2: ""})
    assert list(preview(path, options).fields) == ["extra", "username", "", "extra"]
    (row,) = people(read(path, options))
    assert row.keys.username == "user_2"
    assert row.extra == {"username": "user_1", "kept": "y"}


def test_second_column_of_a_key_helps_out(tmp_path: Path):
    path = written(tmp_path, "a.csv", "тел1,тел2\nнет,+79000000000\n+79000000001,+79000000002\n")
    rows = read(path, ReadOptions(columns={0: "phone", 1: "phone"}))
    assert keys(rows) == [(None, "+79000000000", None), (None, "+79000000001", None)]


def test_other_network_gives_only_its_phones(tmp_path: Path):
    text = (
        "platform,platform_id,username,author_phone\n"
        "vk,500700000,user_1,+79000000000\ninstagram,500700001,user_2,\nTelegram,500700002,,\n"
    )
    rows = read_text(tmp_path, "a.csv", text)
    assert keys(rows) == [(None, "+79000000000", None), (None, None, 500700002)]
    assert problems(rows) == {"no_key": 1}


def test_extra_columns_keep_their_names(tmp_path: Path):
    text = "username,Город,Город,,email\nuser_1,Омск,Томск,x,a@example.invalid\n"
    (row,) = people(read_text(tmp_path, "a.csv", text))
    assert row.extra == {
        "Город": "Омск",
        "Город 2": "Томск",
        "D": "x",
        "email": "a@example.invalid",
    }


def test_telegram_column_may_hold_any_key(tmp_path: Path):
    text = "Telegram,Имя\n@user_1,А\n+7 900 000 00 00,Б\n600000001,В\nt.me/joinchat/AAAA,Г\n"
    rows = read_text(tmp_path, "a.csv", text)
    assert keys(rows) == [
        ("user_1", None, None),
        (None, "+79000000000", None),
        (None, None, 600000001),
    ]
    assert problems(rows) == {"chat_id": 1}
