"""The basis of people who come from several audiences."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from invite_desktop.domain.audiences import Basis, weakest_basis

BASES = st.lists(st.sampled_from(Basis), min_size=1, max_size=5)


@given(BASES)
def test_nobody_gets_a_basis_that_none_of_the_audiences_has(bases: list[Basis]):
    assert weakest_basis(bases) in bases


@given(BASES)
def test_one_audience_without_a_basis_leaves_none(bases: list[Basis]):
    assert weakest_basis([*bases, Basis.UNKNOWN]) is Basis.UNKNOWN


@given(BASES, st.randoms(use_true_random=False))
def test_the_order_of_the_audiences_does_not_matter(bases: list[Basis], chance):
    mixed = chance.sample(bases, len(bases))
    assert weakest_basis(mixed) is weakest_basis(bases)


@given(BASES, BASES)
def test_uniting_in_steps_gives_what_uniting_at_once_gives(some: list[Basis], more: list[Basis]):
    assert weakest_basis([weakest_basis(some), *more]) is weakest_basis([*some, *more])
