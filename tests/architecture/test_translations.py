"""Both languages are complete, and no text gets past them."""

from __future__ import annotations

import gettext

from tests.architecture import catalogue, visible_texts


def test_every_text_is_in_russian_and_nothing_is_left_over():
    assert "\n".join(catalogue.complaints()) == ""


def test_the_compiled_catalogue_has_three_plural_forms():
    with catalogue.MO.open("rb") as file:
        words = gettext.GNUTranslations(file)
    forms = {words.plural(count) for count in range(200)}  # type: ignore[attr-defined]
    assert forms == {0, 1, 2}


def test_every_shown_text_goes_through_translation():
    assert "\n".join(str(text) for text in visible_texts.untranslated()) == ""


def test_every_translated_text_is_a_literal_that_can_be_collected():
    assert "\n".join(str(text) for text in visible_texts.uncollectable()) == ""
