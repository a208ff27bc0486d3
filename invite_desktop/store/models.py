"""The tables as peewee sees them, for typed queries; the migrations own the schema.

No model knows a database: every query is bound to the one it is for.
"""

# ruff: noqa: D106 - a Meta class is peewee's way to name the table
from __future__ import annotations

from peewee import (
    AutoField,
    BigIntegerField,
    BooleanField,
    CompositeKey,
    IntegerField,
    Model,
    TextField,
)


class AudienceRow(Model):
    """A saved list of people."""

    id = AutoField()
    name = TextField()
    basis = TextField()
    source = TextField()
    created_at = BigIntegerField()
    state = TextField(default="kept")
    origin = TextField(default="file")
    tags = TextField(default="[]")

    class Meta:
        table_name = "audiences"


class PersonRow(Model):
    """One human; ``extra`` is a JSON object of texts."""

    id = AutoField()
    username = TextField(null=True)
    username_key = TextField(null=True)
    phone = TextField(null=True)
    telegram_id = BigIntegerField(null=True)
    full_name = TextField(default="")
    first_name = TextField(default="")
    last_name = TextField(default="")
    extra = TextField(default="{}")
    created_at = BigIntegerField()

    class Meta:
        table_name = "people"


class AudiencePersonRow(Model):
    """A person's place in an audience."""

    audience_id = IntegerField()
    position = IntegerField()
    person_id = IntegerField()
    import_id = IntegerField()
    consent_date = TextField(null=True)

    class Meta:
        table_name = "audience_people"
        primary_key = CompositeKey("audience_id", "position")


class ImportRow(Model):
    """One run of an import; ``files`` is a JSON list."""

    id = AutoField()
    audience_id = IntegerField()
    fingerprint = TextField()
    source = TextField()
    files = TextField()
    finished_at = BigIntegerField()
    read = IntegerField()
    new = IntegerField()
    updated = IntegerField()
    duplicate = IntegerField()
    invalid = IntegerField()
    opted_out = IntegerField()
    by_username = IntegerField()
    by_phone = IntegerField()
    by_id = IntegerField()
    undone_at = BigIntegerField(null=True)
    state = TextField(default="finished")
    origin = TextField(default="file")
    remarks = IntegerField(default=0)
    by_file = TextField(default="[]")
    readings = TextField(default="[]")

    class Meta:
        table_name = "imports"


class InvalidRowRow(Model):
    """A row of an import that named nobody, or a cell of another row with its ``remark``."""

    id = AutoField()
    import_id = IntegerField()
    number = IntegerField()
    content = TextField()
    problem = TextField()
    file = IntegerField(null=True)
    remark = BooleanField(default=False)

    class Meta:
        table_name = "import_invalid_rows"


class AccountRow(Model):
    """One account of the user's; ``removed_at`` hides it."""

    id = AutoField()
    telegram_id = BigIntegerField()
    first_name = TextField()
    last_name = TextField()
    username = TextField(null=True)
    phone = TextField()
    state = TextField()
    until = BigIntegerField(null=True)
    note = TextField(default="")
    added_at = BigIntegerField()
    removed_at = BigIntegerField(null=True)

    class Meta:
        table_name = "accounts"


class AccountEventRow(Model):
    """An entry of an account's health history."""

    id = AutoField()
    account_id = IntegerField()
    at = BigIntegerField()
    state = TextField()
    until = BigIntegerField(null=True)
    note = TextField()
    fact = TextField()
    by = TextField()
    detail = TextField(default="")

    class Meta:
        table_name = "account_events"


class TaskRow(Model):
    """One invite task."""

    id = AutoField()
    name = TextField()
    kind = TextField()
    audience_id = IntegerField()
    chat_id = BigIntegerField(null=True)
    chat_title = TextField(default="")
    chat_kind = TextField(default="")
    chat_address = TextField(default="")
    text = TextField()
    priority = IntegerField()
    status = TextField()
    reason = TextField(default="")
    detail = TextField(default="")
    until = BigIntegerField(null=True)
    link = TextField(default="")
    created_at = BigIntegerField()
    started_at = BigIntegerField(null=True)
    finished_at = BigIntegerField(null=True)
    resumed_after = BigIntegerField(default=0)
    start_at = BigIntegerField(null=True)
    hours = TextField(default="")
    deleted_at = BigIntegerField(null=True)
    purged_at = BigIntegerField(null=True)
    link_preview = BooleanField(default=True)
    attachment = TextField(default="")

    class Meta:
        table_name = "tasks"


class TargetRow(Model):
    """One person in one task."""

    id = AutoField()
    task_id = IntegerField()
    person_id = IntegerField()
    position = IntegerField()
    state = TextField()
    outcome = TextField(null=True)
    detail = TextField(default="")
    random_id = BigIntegerField()
    claimed_by = IntegerField(null=True)
    account_id = IntegerField(null=True)
    changed_at = BigIntegerField(null=True)
    unable_accounts = IntegerField(default=0)
    repeat_after = IntegerField(default=0)
    verified = IntegerField(default=0)

    class Meta:
        table_name = "targets"


class AttemptRow(Model):
    """One row of the ledger."""

    id = AutoField()
    task_id = IntegerField()
    target_id = IntegerField()
    person_id = IntegerField()
    account_id = IntegerField()
    action = TextField()
    started_at = BigIntegerField()
    random_id = BigIntegerField()
    ended_at = BigIntegerField(null=True)
    outcome = TextField(null=True)
    detail = TextField(default="")
    wait_seconds = IntegerField(default=0)

    class Meta:
        table_name = "attempts"
