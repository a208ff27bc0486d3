"""A report in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invite_desktop.ui.translations import tr, tr_n, translator
from invite_desktop.ui.wording import named

if TYPE_CHECKING:
    from invite_desktop.domain.audiences import ImportCounts, ImportReport

_MOST_FILES_NAMED = 3


def files_of(report: ImportReport) -> str:
    """Return the names of the files, or how many they are."""
    if len(report.files) > _MOST_FILES_NAMED:
        return tr_n("{count} file", "{count} files", len(report.files))
    return ", ".join(report.files)


def facts_of(report: ImportReport) -> str:
    """Return where a list came from, when, and why its people may be contacted."""
    audience, files = report.audience, files_of(report)
    own_source = audience.source not in (files, ", ".join(report.files))
    parts = [
        files,
        tr("source: {source}", source=audience.source) if own_source else "",
        translator().moment(report.finished_at),
        tr("basis: {basis}", basis=named(audience.basis)),
        tr_n("{count} person", "{count} people", audience.people),
    ]
    if report.undone_at is not None:
        parts.append(tr("undone {when}", when=translator().moment(report.undone_at)))
    return "  ·  ".join(part for part in parts if part)


def sum_of(counts: ImportCounts) -> str:
    """Return the sum in words, so that anybody can check that no row was lost."""
    return tr(
        "{read} rows = {new} new + {updated} updated + {duplicate} duplicates "
        "+ {invalid} invalid + {opted_out} opted out",
        read=counts.read,
        new=counts.new,
        updated=counts.updated,
        duplicate=counts.duplicate,
        invalid=counts.invalid,
        opted_out=counts.opted_out,
    )


def keys_of(counts: ImportCounts) -> str:
    """Return how well the people can be found on Telegram."""
    parts = [
        tr("{count} with a username (found best)", count=counts.by_username)
        if counts.by_username
        else "",
        tr("{count} by phone only (Telegram answers few look-ups)", count=counts.by_phone)
        if counts.by_phone
        else "",
        tr("{count} by id only (found only if your accounts met them)", count=counts.by_id)
        if counts.by_id
        else "",
    ]
    return "  ·  ".join(part for part in parts if part)
