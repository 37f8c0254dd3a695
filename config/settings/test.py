"""Settings of the test run: everything as in base, only faster where the speed costs no truth."""

import os

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, CHANNEL_LAYERS, DATA_DIR, DATABASES, REDIS_URL, SQLITE, env

ONE_PROCESS_ONLY = False  # pytest-xdist's workers share the data directory on purpose
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
QUEUE_NAME = f"test-jobs-{WORKER}"

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if SQLITE:
    # A file, so that threads, processes and the browser's server see the same rows; tests may lose power.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL;PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["TEST"] = {"NAME": "gemeinsinn_test"}
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # may lose power too
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a thread that kept its connection would hold the test database open
TALK_CONNECTION_SECONDS = 0
TALK_SCRIBE = env.bool("TALK_SCRIBE", default=False)  # its own tests switch it on
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
if REDIS_URL:
    # Every test process empties its cache, and Redis empties a whole database: each gets two of its own, so that
    # nobody's sockets fall out of their groups and nobody's limits are forgotten by a neighbour.
    _number = int(WORKER.removeprefix("gw")) if WORKER.startswith("gw") else 0
    _redis = REDIS_URL.rsplit("/", 1)[0]
    CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"] = f"{_redis}/{1 + 2 * _number}"
    CACHES["default"]["LOCATION"] = f"{_redis}/{2 + 2 * _number}"
