"""
All settings. The environment (or a file `.env`) is read here and nowhere else; docs/settings.md lists every name.
What the packages are told besides stands in packages.py.

With nothing set the service runs closed on one machine: SQLite, mail to a folder, in-memory channel layer, debug off,
localhost only.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config
from config.settings.packages import *  # noqa: F403
from config.settings.packages import REST_FRAMEWORK

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- The machine ----------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _secret_key(name: str = "secret_key") -> str:
    """The key from the environment, else one made once and kept readable for the owner only."""
    kept = DATA_DIR / name
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key() + get_random_secret_key())
    return kept.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _secret_key()
CASE_KEY = env.str("CASE_KEY", default="") or _secret_key("case_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=sorted({_site.hostname or "127.0.0.1", "127.0.0.1", "localhost"}))
if HTTPS:
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname])
PROXIES = env.int("PROXIES", default=0)
REST_FRAMEWORK = REST_FRAMEWORK | {"NUM_PROXIES": PROXIES}
# The demo shows its own logins on a page; a system check refuses it together with https.
DEMO = env.bool("DEMO", default=False)

# --- The city and the programme: names are settings, never code ----------
SERVICE_NAME = env.str("SERVICE_NAME", default="Gemeinsinn")
CITY_NAME = env.str("CITY_NAME", default="Musterstadt")
CARRIER_NAME = env.str("CARRIER_NAME", default="Stadt Musterstadt")
OPERATOR_NAME = env.str("OPERATOR_NAME", default="")
OPERATOR_ADDRESS = env.str("OPERATOR_ADDRESS", default="")
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
OPERATOR_PHONE = env.str("OPERATOR_PHONE", default="")
PRIVACY_CONTACT = env.str("PRIVACY_CONTACT", default="")
CITY_PHONE = env.str("CITY_PHONE", default="")  # shown before somebody has a quarter

# --- Parts ----------
INSTALLED_APPS = [
    "daphne",  # first, or runserver has no sockets
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.headless",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "phonenumber_field",
    "csp",
    "core",
    "places",
    "accounts",
    "matching",
    "messaging",
    "config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "config.middleware.CleanBrowserMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.DoormenMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "messaging.middleware.SeenMiddleware",
    "core.http.ErrorMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.house",
            ]
        },
    }
]

FORM_RENDERER = "config.forms.HouseRenderer"

# --- Database ----------
if env.str("DATABASE_URL", default=""):
    DATABASES = {"default": env.db("DATABASE_URL")}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DATA_DIR / "gemeinsinn.sqlite3")}}
SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
        # 16 MB of pages for a connection, 16 MB of journal before it is copied: the defaults are made for phones.
        "PRAGMA cache_size=-16000;PRAGMA wal_autocheckpoint=4000;PRAGMA temp_store=MEMORY;",
    }
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
TALK_CONNECTION_SECONDS = 60  # how long a thread of the live talk keeps its connection
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

# --- Live layer, jobs, cache, mail ----------
REDIS_URL = env.str("REDIS_URL", default="")
ONE_PROCESS_ONLY = not REDIS_URL  # wake-ups in memory do not cross processes (config/processes.py)
QUEUE_NAME = "gemeinsinn-jobs"
TALK_FRAMES_PER_MINUTE = env.int("TALK_FRAMES_PER_MINUTE", default=100)  # of a socket, and of a writer
TALK_WRITERS = 1 if SQLITE else 4  # threads that store what sockets write; SQLite lets one write at a time
TALK_SCRIBE = env.bool("TALK_SCRIBE", default=(os.cpu_count() or 1) > 1)  # a process that stores, beside each server
WEB_CONCURRENCY = env.int("WEB_CONCURRENCY", default=1)  # uvicorn reads the same name for its number of workers
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # redis-py >= 8 would cut every quiet socket after 5 s without socket_timeout=None.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}], "capacity": 1000},
        }
    }
    CACHES = {"default": {"BACKEND": "core.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
if DEMO:  # what would be mailed is shown at /demo/post/
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"
# Hints on devices: switched on by `./run manage push_key`, which makes the file, and by OPERATOR_EMAIL.
_push_key = DATA_DIR / "push_key"
PUSH_KEY = env.str("PUSH_KEY", default="") or (_push_key.read_text().strip() if _push_key.exists() else "")
SMS_GATEWAY = env.str("SMS_GATEWAY", default="")  # dotted path of a module with send() and check()
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default=OPERATOR_EMAIL or "gemeinsinn@localhost")
ADMINS: list[tuple[str, str]] = []  # no error mails: they would carry people's data

# --- Language and time ----------
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "packages"]  # packages: what libraries say, in our words
FORMAT_MODULE_PATH = "config.formats"  # English days as Europe writes them
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.str("TIME_ZONE", default="Europe/Berlin")
USE_TZ = True
HOLIDAY_STATE = env.str("HOLIDAY_STATE", default="NW")  # whose public holidays count; a federal state as in ISO 3166-2

# --- Static files ----------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS: list = [BASE_DIR / "static"]
_kern = BASE_DIR / "node_modules" / "@kern-ux" / "native" / "dist"
HAS_KERN = _kern.is_dir()
if HAS_KERN:  # our sheet that puts KERN into a layer lives beside it: without KERN it would name a missing file
    STATICFILES_DIRS += [("kern", _kern), ("kern", BASE_DIR / "static_kern")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.HonestManifestStorage"},
}

# --- People and doors ----------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
MFA_TOTP_ISSUER = SERVICE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
SESSION_COOKIE_AGE = 30 * 24 * 3600
# Whoever works with others' data sits at shared machines: their session ends sooner (accounts.sessions.is_rested).
WORKER_IDLE_MINUTES = env.int("WORKER_IDLE_MINUTES", default=30)
WORKER_SESSION_HOURS = env.int("WORKER_SESSION_HOURS", default=10)

# --- Security headers (safety.md, Security settings) ----------
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # asked from the machine itself, without the proxy
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sid"
    CSRF_COOKIE_NAME = "__Host-csrf"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "core.http.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1048576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Trust ----------
SUSPENSION_HOURS = env.int("SUSPENSION_HOURS", default=72)  # for the second worker; then the pause lapses
VETTING_KEPT_DAYS = env.int("VETTING_KEPT_DAYS", default=90)  # after the end; 90 satisfies § 72a SGB VIII

# --- Places ----------
GEOCODER = env.str("GEOCODER", default="offline")  # offline | nominatim | photon: the last two need GEOCODER_URL
GEOCODER_URL = env.str("GEOCODER_URL", default="")
GEOCODER_CONTACT = env.str("GEOCODER_CONTACT", default="")

LOGGING = logging_config(as_json=env.bool("LOG_JSON", default=HTTPS))
SILENCED_SYSTEM_CHECKS: list[str] = []
MESSAGE_TAGS = {10: "calm", 20: "calm", 25: "good", 30: "careful", 40: "stop"}
TEXT_SIZES = [("normal", _("Normal")), ("large", _("Groß"))]
