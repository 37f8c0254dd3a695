"""
Every address of the house with every method, as rows: read from the urlconf, so that a new view is here by itself.

What a parameter of an address stands for is guessed from the segment before it; `THINGS` says it where that is not
enough, `WORDS` lists the words of the others. An address nobody can fill makes the build fail and say what to add.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from matching import states

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# "where in the address: name of the parameter" -> thing of the world. The longest beginning that fits counts.
THINGS = {
    "bitte/": "request",
    "vermittlung/": "match",
    "offen/": "open_request",
    "termin/": "appointment",
    "nachfrage/": "check_in",
    "kalender/abo/": "secret",
    "profil/vertrauen/": "trust",
    "profil/zeiten/serien/": "times",
    "profil/zeiten/tage/": "away",
    "gespraech/": "conversation",
    "gespraech/zu/": "match",
    "gespraech/<uuid:pk>/termin/": "appointment",
    "gespraech/<uuid:pk>/serie/": "series",
    "buero/bitte/": "request",
    "buero/vermittlung/": "match",
    "buero/person/": "person",
    "buero/anruf/": "person",
    "buero/anrufe/<slug:kind>/": "match_asked",
    "buero/anrufe/<slug:kind>/<slug:about>/": "person",
    "buero/sperre/": "suspension",
    "buero/meldung/": "report",
    "buero/gespraech/": "match",
    "buero/benachrichtigung/": "notice",
    "profil/benachrichtigungen/geraet/": "device",
    "api/v1/me/devices/": "device",
    "buero/brief/<slug:kind>/": "match",
    "buero/brief/<slug:kind>/<slug:to>/": "match",
    "papier/tuerkarte/": "match",
    "meldung/": "report",
    "profil/kein-kontakt/": "blocked",
    "gespraech/<uuid:pk>/nachricht/": "seq",
    "api/v1/conversations/<str:pk>/messages/": "seq",
    "api/v1/blocks/": "blocked",
    "api/v1/reports/": "report",
    "buero/vorgemerkt/": "follow_up",
    "buero/person/<uuid:pk>/notizen/": "note",
    "buero/person/<uuid:pk>/kein-kontakt/": "keep_apart",
    "buero/termin/": "appointment",
    "buero/serie/": "series",
    "buero/erinnern/": "reminder",
    "buero/nachfrage/": "check_in",
    "buero/runde/": "round",
    "buero/runde/nachbarn/": "quarter",
    "buero/runde/<uuid:pk>/tauschen/": "match_proposed",
    "buero/runde/<uuid:pk>/aendern/": "open_request",
    "buero/quartier/": "quarter",
    "api/v1/volunteer-profile/availability/exceptions/": "away",
    "api/v1/people/": "person",
    "api/v1/requests/": "request",
    "api/v1/open-requests/": "open_request",
    "api/v1/matches/": "match",
    "api/v1/rounds/": "round",
    "api/v1/quarters/": "quarter",
    "api/v1/appointments/": "appointment",
    "api/v1/series/": "series",
    "api/v1/check-ins/": "check_in",
    "api/v1/conversations/": "conversation",
}
# Of people who help: with Ada, who does not, nobody at all would come in, and a stranger's 404 would say nothing.
OF_A_HELPER = (
    *(
        f"buero/person/<uuid:pk>/{page}"
        for page in ("aufhoeren/", "ausweis", "begruessen/", "schritte/", "versprechen")
    ),
    "api/v1/people/<str:pk>/welcome/",
)
# The same thing in another state is another row: what an ended match shows is decided elsewhere than a running one's.
# (Which move is open in which state is the table of matching/states.py, and tests/matching/test_who_may.py.)
STATES_OF = {
    "match": ("match", "match_asked", "match_proposed", "match_ended"),
    "conversation": ("conversation", "conversation_ended"),
}
MATCH_MOVES = sorted({move for _state, move in states.MATCH_MOVES})
MOVES_OF_THE_API = tuple(f"/{move}/" for move in (*MATCH_MOVES, "clear"))
WORDS: dict[str, list[str]] = {
    "bitte/<uuid:pk>/schritt/<int:step>/": ["1"],
    "vermittlung/<uuid:pk>/<str:move>/": ["accept", "confirm", "end"],
    "termin/<uuid:pk>/<slug:move>/": ["zusagen", "absagen", "da", "doch-nicht"],
    "gespraech/<uuid:pk>/termin/<uuid:appointment>/<slug:move>/": ["zusagen", "absagen", "da"],
    "gespraech/<uuid:pk>/serie/<uuid:series>/<slug:move>/": ["zusagen", "beenden"],
    "buero/vermittlung/<uuid:pk>/<str:move>/": ["release", "end", "clear"],
    "buero/termin/<uuid:pk>/<slug:move>/": ["da", "fertig", "ausgefallen", "doch-nicht"],
    "buero/sperre/<uuid:pk>/<slug:move>/": ["confirm", "lift"],
    "buero/meldung/<uuid:pk>/<slug:move>/": ["ansehen", "abschliessen", "bescheid"],
    "buero/benachrichtigung/<uuid:pk>/<slug:what>/": ["nochmal"],
    "buero/person/<uuid:pk>/eltern/<slug:verb>/": ["papier"],
    "mitmachen/<slug:role>/<slug:step>/": ["name"],
}
FIXED = {"role": "bewohner", "kind": "asked", "token": "x", "code": "time", "to": "bewohner"}
# Of packages: they hold one's own account and nothing of others; a few kinds of person are enough there.
FOREIGN = ("konto/", "api/auth/")
# What passes the checks of a form, where those come before the question who asks. "{request}": a thing of the world.
_TIMES = {"start": "2026-03-06T10:00:00+01:00", "end": "2026-03-06T11:00:00+01:00"}
_WEIGHTS = dict.fromkeys(
    ("nearness", "time_slack", "skill_depth", "language", "continuity", "fair_turn", "generations"), 1.0
)
_SAID = {"client_id": "0f8fad5b-d9cb-469f-a165-70867728950e", "body": "Guten Tag"}
_NEVER = {"name": "Nie Mand", "email": "niemand@example.net"}
BODIES: dict[str, dict[str, Any]] = {
    "POST api/v1/keep-apart/": _NEVER,
    "POST profil/kein-kontakt/nie/": _NEVER,
    "POST buero/person/{person}/kein-kontakt/": _NEVER,
    "POST api/v1/appointments/{appointment}/move/": _TIMES,
    "POST api/v1/conversations/{conversation}/appointments/": _TIMES,
    "POST api/v1/conversations/{conversation_ended}/appointments/": _TIMES,
    "POST api/v1/conversations/{conversation}/messages/": _SAID,
    "POST api/v1/conversations/{conversation_ended}/messages/": _SAID,
    "POST api/v1/conversations/{conversation}/read/": {"seq": 1},
    "POST api/v1/conversations/{conversation_ended}/read/": {"seq": 1},
    "POST api/v1/appointments/{appointment}/correct/": {"minutes": 45},
    "POST termin/{appointment}/dauer/": {"minutes": 45},
    "POST buero/termin/{appointment}/dauer/": {"minutes": 45},
    "POST buero/serie/{series}/beenden/": {"reason": "passt nicht"},
    "POST api/v1/matches/{match}/reject/": {"reason": "passt nicht"},
    "POST api/v1/people/{person}/vetting/": {"kind": "talk"},
    "POST api/v1/quarters/{quarter}/weights/": {"weights": _WEIGHTS},
    "POST api/v1/quarters/{quarter}/weights/what-if/": {"weights": _WEIGHTS},
    "PUT api/v1/requests/{request}/place/": {"street": "Lindenstraße", "number": "1"},
    "POST api/v1/check-ins/{check_in}/answer/": {"was_fine": True, "again": True},
    "POST api/v1/matches/": {"request": "{open_request}", "volunteer": "{volunteer}"},
    "POST api/v1/rounds/": {"quarter": "{quarter}", "dry_run": True},
    "POST api/v1/series/": {"match": "{match}", "first_on": "2026-03-10", "start": "14:00", "minutes": 60},
    "POST buero/quartier/{quarter}/nachbar/": {"lassen": "ja", "nachbar": "{quarter}"},
    "POST buero/person/{person}/zugang/": {"way": "hand"},
    "POST buero/runde/": {"quarter": "{quarter}", "dry": "1"},
}
HELP = """
    {route}: what is <{name}> here? Add a line to THINGS or WORDS in tests/permissions/doors.py
    (and the thing itself to tests/permissions/world.py, if it is a new kind)."""


@dataclass(frozen=True)
class Row:
    """One address in one state of its thing, with one method. `blanks`: parameter -> thing of the world."""

    method: str
    route: str
    path: str
    blanks: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_foreign(self) -> bool:
        return self.route.startswith(FOREIGN)

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def things(self) -> tuple[str, ...]:
        """Every thing this row names, in its address or in its body."""
        named = re.findall(r"\{(\w+)\}", " ".join(str(value) for value in BODIES.get(self.name, {}).values()))
        return (*(thing for _name, thing in self.blanks), *named)

    def body(self, things: dict[str, Any]) -> dict[str, Any]:
        return {name: _named(value, things) for name, value in BODIES.get(self.name, {}).items()}

    def address(self, things: dict[str, Any]) -> str:
        """With the things of this world in its blanks."""
        path = self.path
        for _name, thing in self.blanks:
            path = path.replace(f"{{{thing}}}", str(things[thing]))
        return "/" + path


def _named(value: Any, things: dict[str, Any]) -> Any:
    is_thing = isinstance(value, str) and value.startswith("{")
    return str(things[value.strip("{}")]) if is_thing else value


def rows() -> list[Row]:
    """Every row that can be asked; `unknown` names the addresses that cannot."""
    return [Row(method, *filled) for route, view in routes() for filled in _known(route) for method in _methods(view)]


def unknown() -> list[str]:
    """For each address nobody can fill, what to add where; empty when all are known."""
    return [said for route, _view in routes() if (said := _missing(route))]


def _missing(route: str) -> str:
    try:
        list(_filled(route))
    except LookupError as missing:
        return str(missing)
    return ""


def _known(route: str) -> list:
    return [] if _missing(route) else list(_filled(route))


def routes() -> Iterator[tuple[str, Any]]:
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, before: str) -> Iterator[tuple[str, Any]]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route)
        elif isinstance(pattern, URLPattern) and not route.endswith("^.*$"):
            yield route, pattern.callback


def _methods(view: Any) -> list[str]:
    """What this view answers at all, as its class or its decorator says."""
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if kind is not None:
        return [name for name in METHODS if hasattr(kind, name.lower())]
    named = _named_by_decorator(view)
    return [name for name in METHODS if name in named] if named else ["GET", "POST"]


def _named_by_decorator(view: Any) -> list[str]:
    """The list inside `require_POST` and its like."""
    while view is not None:
        names = getattr(view, "__code__", None) and view.__code__.co_freevars
        if names and "request_method_list" in names:
            return view.__closure__[names.index("request_method_list")].cell_contents
        view = getattr(view, "__wrapped__", None)
    return []


def _filled(route: str) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """The route once per state of its thing and per word of its last parameter."""
    if route.startswith("konto/^"):
        yield route, "konto/password/reset/key/1-x/", ()
        return
    plain = route.replace("<int:pk>", "<pk>") if route.startswith(FOREIGN) else route
    if plain != route:
        yield route, plain.replace("<pk>", "1"), ()
        return
    first = PARAMETER.search(route)
    named = _thing(route, first) if first and _is_thing(route, first) else ""
    more = STATES_OF.get(named, ()) if route not in WORDS and not route.endswith(MOVES_OF_THE_API) else ()
    for state in more or (named,):
        for word in WORDS.get(route, [""]):
            yield route, *_put_in(route, state, word)


def _put_in(route: str, state: str, word: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    blanks: list[tuple[str, str]] = []

    def put(found: re.Match) -> str:
        name = found[2]
        if not _is_thing(route, found):
            return FIXED.get(name, word)
        thing = state if state and not blanks else _thing(route, found)
        blanks.append((name, thing))
        return f"{{{thing}}}"

    return PARAMETER.sub(put, route), tuple(blanks)


def _is_thing(route: str, found: re.Match) -> bool:
    return not (found[2] in FIXED or (route in WORDS and found.end() >= len(route) - 1))


def _thing(route: str, found: re.Match) -> str:
    if route.startswith(OF_A_HELPER):
        return "person_helping"
    before = route[: found.start()]
    fitting = [start for start in THINGS if before == start or (before.startswith(start) and "<" not in start)]
    exact = [start for start in fitting if start == before]
    if not fitting:
        raise LookupError(HELP.format(route=route, name=found[2]))
    return THINGS[exact[0] if exact else max(fitting, key=len)]
