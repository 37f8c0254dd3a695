"""Contradictions in the settings that would hurt people later: found before the first request."""

from pathlib import Path

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Careful

from core.holidays import known_states
from messaging.outbox import sealed, sms

NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "fuse.sshfs",
    "ceph",
    "glusterfs",
    "lustre",
    "afs",
    "9p",
}
MAILERS_FOR_NOBODY = ("console", "dummy", "locmem", "filebased")


@register()
def one_process_in_memory(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.WEB_CONCURRENCY > 1 and not settings.REDIS_URL:
        hint = "Set REDIS_URL, or WEB_CONCURRENCY=1."
        return [Error("Several processes cannot share a live layer in memory.", hint=hint, id="gemeinsinn.E001")]
    return []


@register()
def demo_stays_home(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.DEMO and settings.HTTPS:
        hint = "The demo shows its logins to everybody. Remove DEMO, or use a http address on this machine."
        return [Error("DEMO together with a https SITE_URL.", hint=hint, id="gemeinsinn.E002")]
    return []


@register()
def secret_is_secret(app_configs, **kwargs) -> list[CheckMessage]:
    key = settings.SECRET_KEY
    weak = len(key) < 50 or len(set(key)) < 10 or key.startswith("django-insecure")
    if settings.HTTPS and weak:
        hint = "At least 50 random characters, or leave SECRET_KEY away: then one is made in DATA_DIR."
        return [Error("SECRET_KEY is too weak for a live site.", hint=hint, id="gemeinsinn.E003")]
    return []


@register()
def secret_file_is_ours_alone(app_configs, **kwargs) -> list[CheckMessage]:
    kept = settings.DATA_DIR / "secret_key"
    if kept.exists() and kept.stat().st_mode & 0o077:
        return [Careful("Others on this machine can read the secret.", hint=f"chmod 600 {kept}", id="gemeinsinn.W001")]
    return []


@register()
def geocoder_is_our_own(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.GEOCODER == "offline":
        return []
    if settings.GEOCODER not in ("nominatim", "photon"):
        hint = "GEOCODER is offline, nominatim or photon."
        return [Error(f"Unknown geocoder {settings.GEOCODER}.", hint=hint, id="gemeinsinn.E004")]
    missing = [name for name in ("GEOCODER_URL", "GEOCODER_CONTACT") if not getattr(settings, name)]
    if missing:
        hint = f"Set {' and '.join(missing)}: addresses go to a server you run, and it must know whom to ask."
        return [Error("The geocoder has no address or no contact.", hint=hint, id="gemeinsinn.E005")]
    return []


@register()
def holidays_are_of_a_state(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.HOLIDAY_STATE not in known_states():
        hint = f"HOLIDAY_STATE is one of {', '.join(known_states())}."
        return [Error(f"Unknown federal state {settings.HOLIDAY_STATE}.", hint=hint, id="gemeinsinn.E009")]
    return []


@register()
def sqlite_lives_on_a_local_disk(app_configs, **kwargs) -> list[CheckMessage]:
    if not settings.SQLITE:
        return []
    kind = file_system_of(Path(settings.DATABASES["default"]["NAME"]).absolute(), mounts=_mounts())
    if kind in NETWORK_FILE_SYSTEMS:
        hint = "Its locks do not hold over the network. Put DATA_DIR on a local disk, or use PostgreSQL."
        return [Error(f"SQLite on a network file system ({kind}).", hint=hint, id="gemeinsinn.E006")]
    return []


@register()
def live_site_names_its_operator(app_configs, **kwargs) -> list[CheckMessage]:
    names = ("OPERATOR_NAME", "OPERATOR_ADDRESS", "OPERATOR_EMAIL", "OPERATOR_PHONE", "PRIVACY_CONTACT", "CITY_PHONE")
    missing = [name for name in names if not getattr(settings, name)]
    if settings.HTTPS and missing:
        hint = f"The imprint, the privacy page and the phone number on every page need: {', '.join(missing)}."
        return [Error("A live site without imprint or contact.", hint=hint, id="gemeinsinn.E007")]
    return []


@register()
def live_site_sends_mail(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.HTTPS and settings.EMAIL_BACKEND.split(".")[-2] in MAILERS_FOR_NOBODY:
        hint = "Nobody could log in by code. Set EMAIL_URL, for example smtp+tls://user:password@host:587."
        return [Error("A live site that sends no mail.", hint=hint, id="gemeinsinn.E008")]
    return []


@register()
def doors_are_told_apart(app_configs, **kwargs) -> list[CheckMessage]:
    if settings.HTTPS and not settings.PROXIES and not settings.DEBUG:
        said = "Whoever ends https in front of this server hides where people come from: all of the city is one door."
        hint = (
            "Set PROXIES to the number of reverse proxies. Without it one visitor in a hurry shuts everybody out, "
            "after 500 mails or 40 sign-ups a day."
        )
        return [Careful(said, hint=hint, id="gemeinsinn.W003")]
    return []


@register()
def text_messages_have_a_way(app_configs, **kwargs) -> list[CheckMessage]:
    if not settings.SMS_GATEWAY:
        return []
    try:
        sms.gateway().check()
    except Exception as problem:  # a gateway of the operator's own may raise anything
        hint = "SMS_GATEWAY names a module with send() and check(), see docs/outbox.md."
        return [Error(f"No text message can leave: {problem}", hint=hint, id="gemeinsinn.E011")]
    if settings.HTTPS and settings.SMS_GATEWAY == "messaging.outbox.console":
        hint = "It prints people's numbers into the log and reaches nobody. Leave SMS_GATEWAY away, or name a real one."
        return [Error("A live site that prints text messages.", hint=hint, id="gemeinsinn.E012")]
    return []


@register()
def push_key_is_one(app_configs, **kwargs) -> list[CheckMessage]:
    if not settings.PUSH_KEY:
        return []
    try:
        sealed.read_key(settings.PUSH_KEY)
    except ValueError:
        hint = "Leave PUSH_KEY away and run ./run manage push_key: it makes one in DATA_DIR."
        return [Error("PUSH_KEY is no key.", hint=hint, id="gemeinsinn.E013")]
    if not settings.OPERATOR_EMAIL:
        hint = "Push services ask whom to write to. Set OPERATOR_EMAIL, or remove the key."
        return [
            Careful("There is a push key, but nobody to name with it: push stays off.", hint=hint, id="gemeinsinn.W002")
        ]
    return []


def file_system_of(path: Path, *, mounts: str) -> str:
    """The kind of the file system `path` is on; `mounts` as in /proc/mounts. Empty when unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        if path.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind


def _mounts() -> str:
    try:
        return Path("/proc/mounts").read_text()
    except OSError:
        return ""
