"""Helpers around the database: find as someone, what a broken constraint means, and the few questions without ORM."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, connection, models, transaction

from core.errors import HouseError, NotVisible
from core.keys import Key

_T = TypeVar("_T", bound=models.Model)


def find(rows: models.QuerySet[_T], pk: object) -> _T:
    """The row with this key among `rows` (already narrowed to what the person may see), else NotVisible."""
    try:
        return rows.get(pk=pk)
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError, OverflowError) as nothing:
        raise NotVisible from nothing


@contextmanager
def clash_means(error: type[HouseError]) -> Iterator[None]:
    """Inside, a broken constraint becomes `error`; the outer transaction stays usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise error from clash


# --- without ORM, for what is asked many times a second: there making the question takes longer than answering it
def rows_of(sql: str, parameters: Iterable[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        _ask(cursor, sql, list(parameters))
        return cursor.fetchall() if cursor.description else []


def _ask(cursor: Any, sql: str, parameters: list[Any]) -> None:
    """
    On SQLite Django makes a `?` of each `%s` by a pattern, which takes longer than most of these questions.

    Only `%s` stands in them. Where somebody listens to the questions (tests that count them, DEBUG), they go its way.
    """
    if connection.vendor != "sqlite" or connection.queries_logged or connection.execute_wrappers:
        cursor.execute(sql, parameters)
        return
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        sqlite3.Cursor.execute(cursor.cursor, sql.replace("%s", "?"), parameters)


def insert_like(pattern: models.Model, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """
    Rows that are all like `pattern`, but for the columns of these names; what is there already is left out.

    `rows`: values in the order of `names`, as this database keeps them. A row of the ORM for each takes longer than
    storing them.
    """
    column = {field.attname: str(field.column) for field in pattern._meta.concrete_fields}
    same = {
        field.attname: field.get_db_prep_save(getattr(pattern, field.attname), connection)
        for field in pattern._meta.concrete_fields
        if field.attname not in names
    }
    columns = ", ".join(column[name] for name in [*same, *names])
    every = ", ".join([f"({places(len(column))})"] * len(rows))
    rows_of(
        f"INSERT INTO {pattern._meta.db_table} ({columns}) VALUES {every} ON CONFLICT DO NOTHING",  # noqa: S608 - only names of ours
        [value for row in rows for value in (*same.values(), *row)],
    )


def keys_in(values: Iterable[UUID]) -> list[Any]:
    """Keys as this database keeps them."""
    return list(values) if connection.features.has_native_uuid_field else [value.hex for value in values]


def key_out(value: Any) -> UUID:
    """A key out of this database."""
    return value if isinstance(value, UUID) else _key_of(value)


_key_of = lru_cache(maxsize=10_000)(Key)  # the same talks and people come again and again; making a key takes longest


def moment_in(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def moment_out(value: datetime | None) -> datetime | None:
    """A moment out of this database; SQLite keeps it without a zone, in UTC."""
    return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


def places(count: int) -> str:
    """`%s, %s, ...` for an IN."""
    return ", ".join(["%s"] * count)


def wanted(count: int, **columns: str) -> str:
    """
    The head of a query over the table `wanted` with `count` rows of parameters; columns with their SQL types.

    `a IN (...) AND b IN (...)` would look up every a with every b.
    """
    names, row = ", ".join(columns), places(len(columns))
    rows = f"VALUES {', '.join([f'({row})'] * count)}"
    if connection.vendor != "sqlite":  # PostgreSQL takes every parameter for text
        typed = ", ".join(f"{name}::{kind}" for name, kind in columns.items())
        rows = f"SELECT {typed} FROM ({rows}) AS given({names})"  # noqa: S608 - only names of ours
    return f"WITH wanted({names}) AS ({rows})"
