"""The small forms in which audiences are renamed, tagged, and made of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem

from invite_desktop.domain.audiences import Basis, weakest_basis
from invite_desktop.domain.errors import KnownError
from invite_desktop.domain.messages import message
from invite_desktop.ui.translations import tr, tr_n
from invite_desktop.ui.widgets.choices import Choice
from invite_desktop.ui.widgets.small_form import SmallForm
from invite_desktop.ui.wording import titled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from invite_desktop.domain.audiences import Audience
    from invite_desktop.ui.work import Work

LONGEST_NAME = 120


class NameForm(SmallForm):
    """Asks for a name."""

    def __init__(self, work: Work, parent: QWidget, title: str, name: str, words: str = "") -> None:
        super().__init__(work, parent, title, words)
        self.name = QLineEdit(name, maxLength=LONGEST_NAME)
        self.add_row(_name_title(), self.name)
        # Selected from the end, so that a long name shows its beginning.
        self.name.setSelection(len(self.name.text()), -len(self.name.text()))


class TagsForm(SmallForm):
    """Asks for the tags that the audiences have in common; their other tags stay."""

    def __init__(self, work: Work, parent: QWidget, audiences: Sequence[Audience]) -> None:
        super().__init__(work, parent, tr("Tags"), _tags_words(audiences))
        self._before = _common_tags(audiences)
        self.tags = QLineEdit(", ".join(self._before), maxLength=500)
        self.add_row(tr("&Tags, separated by commas"), self.tags)

    def tags_of(self, audience: Audience) -> list[str]:
        """Return what the tags of an audience become."""
        typed = [tag.strip() for tag in self.tags.text().split(",") if tag.strip()]
        own = [tag for tag in audience.tags if tag not in self._before]
        return list(dict.fromkeys([*typed, *own]))


class BasisForm(SmallForm):
    """Asks why these people may be contacted."""

    def __init__(self, work: Work, parent: QWidget, audiences: Sequence[Audience]) -> None:
        super().__init__(
            work,
            parent,
            tr("Basis"),
            tr(
                "Why may these people be contacted? It is printed in reports. Without a basis an "
                "audience can only be given a link, nobody in it is invited or written to."
            ),
        )
        self.basis = Choice(titled, list(Basis))
        self.basis.choose(audiences[0].basis)
        self.add_row(tr("&Basis"), self.basis)


class UniteForm(NameForm):
    """Asks for the name of an audience that is made of several."""

    def __init__(self, work: Work, parent: QWidget, audiences: Sequence[Audience]) -> None:
        name = " + ".join(audience.name for audience in audiences)[:LONGEST_NAME]
        self._united = audiences
        super().__init__(work, parent, tr("Unite audiences"), name, _union_words(audiences))

    def retranslate(self) -> None:
        """Write every text anew."""
        super().retranslate()
        self.words.setText(_union_words(self._united))


class SubtractForm(SmallForm):
    """Asks who is taken out of which audience; ``chosen`` are the first guesses."""

    def __init__(
        self,
        work: Work,
        parent: QWidget,
        audiences: Sequence[Audience],
        chosen: Sequence[Audience],
    ) -> None:
        super().__init__(
            work,
            parent,
            tr("Subtract audiences"),
            tr("Makes a new audience of the people of one who are in none of the others."),
        )
        self._audiences = {audience.id: audience for audience in audiences}
        self.whole: Choice[Audience] = Choice(_counted, audiences)
        self.whole.choose(chosen[0])
        self.minus = QListWidget()
        self.minus.setMaximumHeight(self.fontMetrics().height() * 8)
        self.add_row(tr("&People of"), self.whole)
        self.add_row(tr("&Without the people of"), self.minus)
        rest = tr("{name}, the rest", name=chosen[0].name)[:LONGEST_NAME]
        self.name = QLineEdit(rest, maxLength=LONGEST_NAME)
        self.add_row(_name_title(), self.name)
        self._fill({audience.id for audience in chosen[1:]})
        self.whole.currentIndexChanged.connect(self._whole_chosen)

    def subtracted(self) -> list[int]:
        """Return the ids of the audiences whose people are left out. Raises KnownError for none."""
        found = sorted(self._ticked())
        if not found:
            raise KnownError(message("Tick at least one audience whose people are left out."))
        return found

    def retranslate(self) -> None:
        """Write every text anew; what is ticked stays, and so does the name."""
        super().retranslate()
        self._fill(self._ticked())

    def _whole_chosen(self) -> None:
        self._fill(self._ticked())

    def _ticked(self) -> set[int]:
        items = [self.minus.item(place) for place in range(self.minus.count())]
        return {
            item.data(Qt.ItemDataRole.UserRole)
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        }

    def _fill(self, ticked: set[int]) -> None:
        self.minus.clear()
        others = [a for a in self._audiences.values() if a.id != self.whole.chosen.id]
        for audience in sorted(others, key=lambda other: other.id not in ticked):
            item = QListWidgetItem(_counted(audience))
            item.setData(Qt.ItemDataRole.UserRole, audience.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state = Qt.CheckState.Checked if audience.id in ticked else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self.minus.addItem(item)
        self.minus.setCurrentRow(0)


def _union_words(audiences: Sequence[Audience]) -> str:
    whole = tr_n(
        "{count} person at most: whoever is in several of them is taken once. "
        "The old audiences stay.",
        "{count} people at most: whoever is in several of them is taken once. "
        "The old audiences stay.",
        sum(audience.people for audience in audiences),
    )
    bases = {audience.basis for audience in audiences}
    return f"{whole} {_basis_words(weakest_basis(bases))}" if len(bases) > 1 else whole


def _basis_words(taken: Basis) -> str:
    if taken.allows_sending:
        return tr(
            "They have different bases. The new audience gets the weakest of them, “{basis}”: "
            "it has to hold for everybody.",
            basis=titled(taken),
        )
    return tr(
        "One of them has no basis, so the new audience has none either: nobody in it is invited "
        "or written to, it can only be given a link."
    )


def _name_title() -> str:
    return tr("Na&me of the audience")


def _counted(audience: Audience) -> str:
    people = tr_n("{count} person", "{count} people", audience.people)
    return f"{audience.name}: {people}"


def _common_tags(audiences: Sequence[Audience]) -> list[str]:
    return [tag for tag in audiences[0].tags if all(tag in other.tags for other in audiences[1:])]


def _tags_words(audiences: Sequence[Audience]) -> str:
    if len(audiences) == 1:
        return tr("“{name}” can be found by its tags.", name=audiences[0].name)
    return tr("The tags that these audiences have in common. Their other tags stay.")
