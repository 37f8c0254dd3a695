"""Every table says whose data it holds, why, until when, and what somebody gets of it."""

from config.data_protection import register
from config.data_protection.declared import declared, personal, problems


def test_every_table_is_declared_in_full():
    missing = problems()
    assert missing == [], "".join(missing)


def test_the_register_has_a_row_for_every_table_with_personal_data():
    rows = register.rows()
    assert {row["label"] for row in rows} == {one.label for one in personal()}
    assert all(row["owner"] and row["reason"] and row["until"] for row in rows)
    assert len(personal()) < len(declared())


def test_secrets_are_in_no_copy():
    held = {one.label: set(one.privacy.leaves_out) for one in personal() if not one.privacy.kept_back}
    assert "password" in held["accounts.User"]
    assert "digest" in held["matching.CalendarFeed"]
    assert "data" in held["mfa.Authenticator"]
