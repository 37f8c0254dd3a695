"""What no table may ever say: the rules that hold for every row, whoever reviews it."""

from tests.permissions.doors import Row

# To these Ada's things do not exist. (The resident's own, the helper's, the worker's rows are a matter of the table.)
STRANGERS = (
    "distrusted",
    "blocked",
    "helper",
    "unwelcomed",
    "far_helper",
    "neighbour",
    "far_resident",
    "far_worker",
    "former_worker",
    "coordinator",
    "operator",
)
OUTSIDE = ("nobody", "suspended", "deleted")
HIDDEN = ("absent=", "bad=", "no=", "conflict=", "many=", "moved=", "method", "login", "factor")
# Addresses that need no login, by their beginning; each is a door on purpose.
OPEN = (
    "anzeige/",
    "impressum/",
    "datenschutz/",
    "barrierefreiheit/",
    "melden/",
    "sms/bericht/",
    "mitmachen/",
    "demo/",
    "healthz",
    "readyz",
    "konto/",
    "kalender/abo/{secret}.ics",
    "eltern/x/",
    "entscheidung/x/",
    "ausweis/time/",
    "ohne-verbindung/",
    "manifest.webmanifest",
    "sw.js",
    "api/auth/",
    "api/v1/quarters/",
    "api/v1/skills/",
    "api/v1/schema/",
    "api/v1/docs/",
)
# What strangers may meet all the same, and why.
SHOWN = {
    # the coordinator hears an appeal when nobody else of the office may
    "GET buero/sperre/{suspension}/": ("coordinator",),
    "POST buero/sperre/{suspension}/confirm/": ("coordinator",),
    "POST buero/sperre/{suspension}/lift/": ("coordinator",),
    "POST offen/{open_request}/anbieten/": ("helper", "blocked"),  # an open request is coarse, and one may offer
    "GET offen/{open_request}/anbieten/": ("helper", "blocked"),
    "POST api/v1/open-requests/{open_request}/offer/": ("helper", "blocked"),
    "GET kalender/abo/{secret}.ics": STRANGERS,  # whoever holds the secret reads it; programs know no login
}


def broken_by(row: Row, cells: dict[str, str]) -> list[str]:
    """Sentences about cells that no table may hold; empty when all is well."""
    wrong = [f"{kind}: {word}, a bug of ours" for kind, word in cells.items() if word.startswith("5")]
    wrong += [
        f"{kind}: 404 that tells the thing apart from nothing"
        for kind, word in cells.items()
        if word == "absent" and row.things
    ]
    is_open = row.path == "" or row.path.startswith(OPEN)
    if not is_open:
        wrong += [
            f"{kind}: {word} without a login"
            for kind in OUTSIDE
            if (word := cells.get(kind, ".")) not in ("login", ".")
        ]
        wrong += [
            f"no_factor: {cells['no_factor']} without second factor"
            for _ in [0]
            if cells.get("no_factor", ".") not in ("factor", ".")
        ]
    if row.things:
        wrong += [
            f"{kind}: {word} tells a stranger that it exists"
            for kind in STRANGERS
            if (word := cells.get(kind, ".")) not in (*HIDDEN, ".") and kind not in SHOWN.get(row.name, ())
        ]
    return wrong
