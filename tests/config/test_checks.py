"""The system checks refuse contradictions, and say nothing about a proper site."""

from pathlib import Path

import pytest

from config import checks

LIVE = {
    "HTTPS": True,
    "DEMO": False,
    "SECRET_KEY": "wVh3-7tQzmL0p_ksYq9ZrB2xN8cJfA5dGu1eTiXo6MKbHvWnSyEa4PRDgCUlj",
    "OPERATOR_NAME": "Stadt Musterstadt",
    "OPERATOR_ADDRESS": "Rathausplatz 1",
    "OPERATOR_EMAIL": "hilfe@example.org",
    "OPERATOR_PHONE": "0214 4060",
    "PRIVACY_CONTACT": "datenschutz@example.org",
    "CITY_PHONE": "0214 4060",
    "PROXIES": 1,
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}
ALL = [
    checks.one_process_in_memory,
    checks.demo_stays_home,
    checks.secret_is_secret,
    checks.geocoder_is_our_own,
    checks.live_site_names_its_operator,
    checks.live_site_sends_mail,
    checks.doors_are_told_apart,
    checks.text_messages_have_a_way,
]


def found(settings, **changes) -> set[str]:
    for name, value in (LIVE | changes).items():
        setattr(settings, name, value)
    return {message.id for check in ALL for message in check(None)}


def test_a_proper_live_site_is_left_in_peace(settings) -> None:
    assert found(settings) == set()


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"WEB_CONCURRENCY": 3, "REDIS_URL": ""}, "gemeinsinn.E001"),
        ({"DEMO": True}, "gemeinsinn.E002"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefghij" * 5}, "gemeinsinn.E003"),
        ({"SECRET_KEY": "short"}, "gemeinsinn.E003"),
        ({"GEOCODER": "elsewhere"}, "gemeinsinn.E004"),
        ({"GEOCODER": "nominatim", "GEOCODER_URL": "http://127.0.0.1:8080", "GEOCODER_CONTACT": ""}, "gemeinsinn.E005"),
        ({"GEOCODER": "photon", "GEOCODER_URL": "", "GEOCODER_CONTACT": "a@example.org"}, "gemeinsinn.E005"),
        ({"OPERATOR_ADDRESS": ""}, "gemeinsinn.E007"),
        ({"PRIVACY_CONTACT": ""}, "gemeinsinn.E007"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "gemeinsinn.E008"),
        ({"PROXIES": 0}, "gemeinsinn.W003"),
        ({"SMS_GATEWAY": "no.such.module"}, "gemeinsinn.E011"),
        ({"SMS_GATEWAY": "messaging.outbox.console"}, "gemeinsinn.E012"),
    ],
)
def test_a_contradiction_is_refused(settings, changes, refusal) -> None:
    assert found(settings, **changes) == {refusal}


def test_several_processes_are_fine_with_a_shared_layer(settings) -> None:
    assert found(settings, WEB_CONCURRENCY=3, REDIS_URL="redis://127.0.0.1:6379/0") == set()


def test_the_demo_machine_needs_no_imprint(settings) -> None:
    assert found(settings, HTTPS=False, DEMO=True, OPERATOR_NAME="", SECRET_KEY="short") == set()


MOUNTS = "/dev/vda / ext4 rw 0 0\nserver:/share /srv/city\\040data nfs4 rw 0 0\n"


@pytest.mark.parametrize(("path", "kind"), [("/var/db.sqlite3", "ext4"), ("/srv/city data/db.sqlite3", "nfs4")])
def test_the_longest_mount_point_says_the_file_system(path, kind) -> None:
    assert checks.file_system_of(Path(path), mounts=MOUNTS) == kind


def test_sqlite_on_a_network_disk_is_refused(settings, monkeypatch) -> None:
    settings.SQLITE = True
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/srv/city data/db.sqlite3")
    monkeypatch.setattr(checks, "_mounts", lambda: MOUNTS)
    assert [message.id for message in checks.sqlite_lives_on_a_local_disk(None)] == ["gemeinsinn.E006"]


def test_a_readable_secret_is_pointed_out(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o644)
    assert [message.id for message in checks.secret_file_is_ours_alone(None)] == ["gemeinsinn.W001"]
    (tmp_path / "secret_key").chmod(0o600)
    assert checks.secret_file_is_ours_alone(None) == []
