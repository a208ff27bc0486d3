"""What counts as "no more messages", and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.opt_out_words import (
    BEGINNINGS,
    WHOLE_MESSAGES,
    checked_pattern,
    opt_out_in,
)


@pytest.mark.parametrize(
    "text",
    [
        *("стоп", "Стоп!", "СТОП", "  стоп.. ", "стоп, пожалуйста", "Отписка", "отписаться"),
        *("Не пишите мне больше", "не пишите мне, я не просила", "Больше не пишите!!!"),
        *("Удалите меня из базы", "отпишите меня пожалуйста", "Хватит", "хватит мне писать"),
        *("stop", "STOP.", "Stop please", "unsubscribe", "Please unsubscribe me from this list"),
        *("Remove me from your list", "don't message me again", "don’t write to me", "Opt-out"),
        *("🛑 STOP 🛑", "«Стоп»"),
    ],
)
def test_these_want_no_more_messages(text: str):
    assert opt_out_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Стоп стоп!", "Стоп, рассылка", "Отпишите", "Отпишись", "Отписаться от рассылки"),
        *("Отмена рассылки", "Отмена подписки", "Не пиши!", "Не пишите!", "Не писать!"),
        *("Не пиши больше", "Не пишите больше", "Не беспокоить", "Не беспокойте", "Спам!"),
        *("Хватит писать!", "Прекратите!", "Удалите", "Удалите номер", "Не надо", "Stop it!"),
        *("Stop, stop!", "unsub", "optout", "No more!", "SPAM"),
        *("Remove me", "No more messages", "Leave me alone", "Stop, pls", "Стоп, плиз"),
        *("Спасибо, не надо", "No more, thanks", "No more, thank you"),
    ],
)
def test_these_words_alone_want_no_more(text: str):
    assert opt_out_in(text)
    assert not opt_out_in(f"Она сказала: {text}")


@pytest.mark.parametrize(
    "beginning",
    [
        *("Не пиши мне", "Не пишите сюда", "Не пиши сюда", "Больше не пиши"),
        *("Больше мне не пиши", "Больше мне не пишите", "Прошу не писать", "Прошу мне не писать"),
        *("Прошу больше не писать", "Пожалуйста, не пишите", "Отпиши меня", "Удали меня"),
        *("Удалите мой номер", "Уберите меня", "Исключите меня", "Вычеркните меня"),
        *("Прекратите мне писать", "Прекратите писать", "Перестаньте мне писать"),
        *("Перестаньте писать", "Не присылайте мне", "Больше не присылайте"),
        *("Не надо мне писать", "Не звоните и не пишите", "Unsubscribe me", "Please, remove me"),
        *("Please unsubscribe", "Take me off", "Stop messaging", "Stop writing", "Stop texting"),
        *("Stop sending", "Please stop", "Do not message me", "Do not write", "Don't contact me"),
        *("Do not contact me", "No more messages", "Leave me alone", "Stop spamming"),
    ],
)
def test_who_begins_so_wants_no_more_whatever_follows(beginning: str):
    assert opt_out_in(f"{beginning} — I mean it, 2026")


@pytest.mark.parametrize(
    "text",
    [
        *("", "👍", "Спасибо!", "да, интересно", "а где стоп-кран?", "не останавливайтесь"),
        *("Стоп, а сколько это стоит?", "стопроцентно приду", "остановка рядом с метро"),
        *("Не пишите «завтра», пишите дату", "удалите, пожалуйста, опечатку в тексте"),
        *("stop by tomorrow", "nonstop", "Where is the bus stop?", "Stop, how much is it?"),
        *("I will unsubscribe my brother", "Хватит ли мест?", "please", "спасибо"),
    ],
)
def test_these_do_not(text: str):
    assert opt_out_in(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        *("Стоп. Больше не пишите мне", "Стоп\nне пишите", "Прекратите!!! Достали"),
        *("Здравствуйте! Не пишите мне больше.", "Добрый день, удалите мой номер"),
        *("Откуда у вас мой номер? Удалите", "Я хочу отписаться", "Hi. I want to unsubscribe."),
        *("Stop. I do not want this", "Who are you? Leave me alone"),
    ],
)
def test_one_sentence_that_says_no_is_enough(text: str):
    assert opt_out_in(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Стоп! А когда начало?", "Спам? Нет, мне интересно!", "Привет! Добрый день."),
        *("Stop! How much is it?", "Я приду. Где стоп-кран?", "Читаю всё. Не останавливайтесь."),
    ],
)
def test_a_word_before_a_question_is_no_farewell(text: str):
    assert opt_out_in(text) == ""


@pytest.mark.parametrize(
    ("pattern", "text", "heard"),
    [
        ("no thanks", "No, thanks!", True),
        ("no thanks", "no thanks to you it works", False),
        ("не интересно*", "Не интересно, не предлагайте", True),
        ("не интересно", "Не интересно, не предлагайте", False),
        ("мимо", "мимо проходил", False),
        ("!!!", "!!!", False),
    ],
)
def test_the_user_can_add_patterns(pattern: str, text: str, heard: bool):
    assert bool(opt_out_in(text, [pattern])) is heard


@pytest.mark.parametrize("text", ["", " ", "*", "!", "х", "x" * 101])
def test_a_pattern_that_says_nothing_is_refused(text: str):
    with pytest.raises(KnownError):
        checked_pattern(text)


@pytest.mark.parametrize(
    ("text", "kept"), [("No, Thanks!", "no thanks"), (" Ещё раз * ", "еще раз*")]
)
def test_a_pattern_is_kept_as_it_is_compared(text: str, kept: str):
    assert checked_pattern(text) == kept
    assert checked_pattern(kept) == kept


@pytest.mark.parametrize("text", ["ок", "x" * 100])
def test_a_pattern_may_be_as_short_as_two_letters_and_as_long_as_a_hundred(text: str):
    assert checked_pattern(text) == text


NOISE = st.text(st.sampled_from(" .,!?…()«»\"'-—\n\t🙏❗"), max_size=5)


@given(st.sampled_from([*WHOLE_MESSAGES, *BEGINNINGS]), NOISE, NOISE, st.sampled_from("ul"))
def test_case_and_punctuation_change_nothing(pattern: str, before: str, after: str, case: str):
    said = pattern.upper() if case == "u" else pattern
    assert opt_out_in(f"{before}{said}{after}")


@given(st.text(max_size=60), st.sampled_from(BEGINNINGS))
def test_what_follows_a_beginning_takes_nothing_back(rest: str, beginning: str):
    assert opt_out_in(f"{beginning} {rest}")


@given(
    st.text(st.characters(categories=["L"]), min_size=1, max_size=10),
    st.sampled_from(["стоп", "stop"]),
)
def test_a_longer_word_is_another_word(more: str, word: str):
    assert opt_out_in(f"{word}{more}") in {"", *WHOLE_MESSAGES} - {word}
