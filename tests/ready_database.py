"""
A migrated SQLite file kept beside the tests: migrating an empty one anew is half of the time of a short run.

Its name holds a sum over everything that shapes it, so that an old one is never taken. Every run works on a copy.
"""

import hashlib
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

SHAPED_BY = ("*/migrations/*.py", "*/models.py", "*/models/*.py", "*/triggers.py", "*/data/*", "requirements.txt")


def ready_file() -> Path:
    found = sorted(path for pattern in SHAPED_BY for path in settings.BASE_DIR.glob(pattern) if path.is_file())
    total = hashlib.sha256(b"".join(path.read_bytes() for path in found)).hexdigest()
    return settings.DATA_DIR / f"ready-{total[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings) -> bool:
    """True where this run begins with a copy; `--create-db` migrates from nothing."""
    if connection.vendor != "sqlite" or request.config.getvalue("create_db") or not ready_file().exists():
        return bool(request.config.getvalue("reuse_db"))
    name = Path(connection.creation._get_test_db_name())
    for leftover in (name, *name.parent.glob(f"{name.name}-*")):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(ready_file(), name)
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    if connection.vendor == "sqlite" and not ready_file().exists():
        with django_db_blocker.unblock():
            _keep()


def _keep() -> None:
    file = ready_file()
    for old in file.parent.glob("ready-*.sqlite3"):
        old.unlink(missing_ok=True)
    mine = file.with_suffix(f".{settings.WORKER}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(mine)])
    mine.replace(file)
