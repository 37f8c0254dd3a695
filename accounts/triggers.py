"""
The database's own triggers which note that something about a volunteer changed (`VolunteerChange`).

Whoever keeps volunteers in memory reads these notes; so a change counts in every process, however it was made: by a
verb, a bulk update, a cascade, another process. Taken away before each `migrate` and made anew after it, because both
databases refuse to change tables that a trigger names.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

_LOG = "accounts_volunteerchange"
_PREFIX = "note_volunteer"


@dataclass(frozen=True)
class Watch:
    """`people`: SQL that selects the user ids concerned; `{row}` becomes NEW or OLD. `columns`: only these count."""

    table: str
    people: str
    columns: tuple[str, ...] = ()


_BY_PROFILE = "SELECT user_id FROM accounts_volunteerprofile WHERE id = {row}.%s"
ACCOUNTS = (
    Watch("accounts_volunteerprofile", "SELECT {row}.user_id"),
    Watch(
        "accounts_user",
        "SELECT user_id FROM accounts_volunteerprofile WHERE user_id = {row}.id",
        ("quarter_id", "place_id", "languages", "gender", "born_on", "is_active", "suspended_at", "joined_at"),
    ),
    Watch("accounts_availability", _BY_PROFILE % "profile_id"),
    Watch("accounts_availabilityexception", _BY_PROFILE % "profile_id"),
    Watch("accounts_offeredskill", _BY_PROFILE % "profile_id"),
    Watch("accounts_volunteerprofile_served_quarters", _BY_PROFILE % "volunteerprofile_id"),
    Watch("accounts_vetting", "SELECT {row}.user_id"),
    Watch("places_place", "SELECT id FROM accounts_user WHERE place_id = {row}.id", ("cell",)),
)


def install(watches: Iterable[Watch]) -> None:
    """Make the triggers of these tables, where the tables exist and the triggers do not; safe to run twice."""
    there = {name for name, _table in _ours()}
    make = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}[connection.vendor]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for watch in watches if _LOG in tables else ():
            if watch.table not in tables:
                continue
            for number, event in enumerate(("INSERT", "UPDATE", "DELETE")):
                name = f"{_PREFIX}_{watch.table}_{number}"
                for statement in () if name in there else make(watch, event, name):
                    cursor.execute(statement)


def take_away() -> None:
    """No trigger of ours is left; `install` brings them back."""
    with connection.cursor() as cursor:
        for name, table in _ours():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))


def _ours() -> list[tuple[str, str]]:
    """(name, table) of every trigger of ours."""
    named = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(named, [f"{_PREFIX}%"])
        return cursor.fetchall()


def _event(watch: Watch, event: str) -> str:
    return f"UPDATE OF {', '.join(watch.columns)}" if event == "UPDATE" and watch.columns else event


def _insert(watch: Watch, event: str, moment: str) -> str:
    """An updated row may have belonged to somebody else before: both are noted."""
    rows = {"INSERT": ("NEW",), "UPDATE": ("NEW", "OLD"), "DELETE": ("OLD",)}[event]
    people = " UNION ".join(watch.people.format(row=row) for row in rows)
    return f"INSERT INTO {_LOG} (user_id, at) SELECT user_id, {moment} FROM (SELECT NULL AS user_id UNION {people}) AS p WHERE user_id IS NOT NULL;"  # noqa: E501, S608


def _on_sqlite(watch: Watch, event: str, name: str) -> list[str]:
    moment = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
    body = _insert(watch, event, moment)
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} AFTER {_event(watch, event)} ON {watch.table} BEGIN {body} END",
    ]


def _on_postgresql(watch: Watch, event: str, name: str) -> list[str]:
    body = _insert(watch, event, "clock_timestamp()").replace("SELECT NULL AS user_id", "SELECT NULL::uuid AS user_id")
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$note$ BEGIN {body} RETURN NULL; END $note$",
        f"DROP TRIGGER IF EXISTS {name} ON {watch.table}",
        f"CREATE TRIGGER {name} AFTER {_event(watch, event)} ON {watch.table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
