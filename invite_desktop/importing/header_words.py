"""The names that programs and people give their columns, in Russian and English."""

from __future__ import annotations

import re

_ALIASES: dict[str, str] = {
    "telegram_id": (
        "telegram id, telegram user id, telegramid, tg id, tg user id, tgid, platform id, user id,"
        " userid, peer id, id пользователя, ид пользователя, id telegram, id телеграм,"
        " id в телеграм, id в telegram, id tg, id тг, телеграм id, тг id, chat id, chatid"
    ),
    "bare_id": "id, ид, айди",
    "username": (
        "telegram username, tg username, telegram login, telegram nick, telegram nickname,"
        " username, user name, usernames, юзернейм, имя пользователя, ник в telegram,"
        " ник в телеграм, ник telegram, ник телеграм, telegram, телеграм, телеграмм, tg, тг,"
        " telegram link, ссылка на telegram, nickname, nick, ник, никнейм, login, логин, user,"
        " handle, screen name, account, аккаунт"
    ),
    "phone": (
        "phone, phone number, phonenumber, author phone, telephone, telephone number, mobile,"
        " mobile phone, mobile number, cell, cell phone, tel, msisdn, contact phone, whatsapp,"
        " телефон, номер телефона, тел, тел номер, мобильный, мобильный телефон, моб, моб тел,"
        " моб телефон, сотовый, сотовый телефон, контактный телефон, номер"
    ),
    "full_name": (
        "full name, fullname, display name, фио, ф и о, полное имя, имя и фамилия, фамилия и имя,"
        " имя фамилия, фамилия имя, фамилия имя отчество, name, имя, contact name, client name,"
        " customer name, имя клиента, имя контакта, клиент, подписчик, участник, customer, contact"
    ),
    "first_name": "first name, firstname, given name",
    "last_name": "last name, lastname, surname, family name, second name, фамилия",
    "email": (
        "email, e mail, mail, email address, e mail address, почта, эл почта, электронная почта,"
        " адрес электронной почты, емейл, имейл, мейл"
    ),
    "tags": "tags, tag, labels, теги, тег, тэги, тэг, метки, метка",
    "note": (
        "note, notes, comment, comments, remark, комментарий, комментарии, примечание, заметка,"
        " заметки"
    ),
    "consent_date": (
        "consent date, date of consent, consented at, opt in date, optin date, дата согласия,"
        " согласие дата, consent, согласие"
    ),
    "platform": "platform, платформа, соцсеть, социальная сеть, network",
}

_FIRST_OF_TWO = frozenset({"name", "имя"})
"""Full names, unless the last name has a column of its own."""

_TELEGRAM = frozenset({"telegram", "tg", "телеграм", "телеграмм", "телеграмме", "телеграме", "тг"})
_ID = frozenset({"id", "ид", "айди"})
_WORDS = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zа-я])(?=[A-ZА-Я])")
_LONGEST_HEADER = 100

RANKS: dict[str, tuple[str, int]] = {
    word.strip(): (field, rank)
    for field, words in _ALIASES.items()
    for rank, word in enumerate(words.split(","))
}
"""Every known name: its field, and how sure a sign it is, 0 the surest."""

BY_WORDS_RANK = 100
"""The rank of a column that is recognised only by a word inside its name."""

HEADER_USERNAMES = frozenset(
    word.replace(" ", joint)
    for word, (field, _) in RANKS.items()
    for joint in ("_", "")
    if field in {"username", "phone", "telegram_id", "bare_id", "full_name"} and word.isascii()
)
"""Names of columns that have the shape of a username: a row with one is a header gone astray."""


def field_of_header(header: str) -> str:
    """Return the field that a column's name stands for, empty when it is not known."""
    return ranked_field(header)[0]


def ranked_field(header: str) -> tuple[str, int]:
    """Return a column's field by its name, and how sure that is (0 is surest)."""
    if len(header) > _LONGEST_HEADER:
        return "", BY_WORDS_RANK
    name = normal_header(header)
    if name in RANKS:
        return RANKS[name]
    last = normal_header(header.rpartition(".")[2])
    if "." in header and last in RANKS:
        field, rank = RANKS[last]
        return ("", BY_WORDS_RANK) if field == "bare_id" else (field, rank + 1)
    return _by_words(set(name.split())), BY_WORDS_RANK


def normal_header(header: str) -> str:
    """Return a name in lower case, words apart by one blank, without ё and punctuation."""
    spaced = _CAMEL.sub(" ", header) if not header.isupper() else header
    plain = " ".join(_WORDS.findall(spaced.lower().replace("ё", "е")))
    joined = " ".join(_WORDS.findall(header.lower().replace("ё", "е")))
    return joined if joined in RANKS else plain


def is_first_name_beside_last(header: str) -> bool:
    """Return whether a full-name column holds first names when there is one of last names."""
    return normal_header(header) in _FIRST_OF_TWO


def _by_words(words: set[str]) -> str:
    if words & _TELEGRAM:
        if words & _ID:
            return "telegram_id"
        return "phone" if _starts(words, "телефон", "phone", "номер") else "username"
    for field, starts in (
        ("phone", ("телефон", "phone", "мобильн", "сотов", "whatsapp")),
        ("email", ("email", "почт")),
        ("username", ("юзернейм", "username", "никнейм", "nickname", "логин")),
        ("consent_date", ("соглас", "consent")),
        ("note", ("комментар", "примечан")),
        ("last_name", ("фамили",)),
        ("full_name", ("фио",)),
    ):
        if _starts(words, *starts):
            return "full_name" if field == "last_name" and "имя" in words else field
    return ""


def _starts(words: set[str], *beginnings: str) -> bool:
    return any(word.startswith(beginnings) for word in words)
