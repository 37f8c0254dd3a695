"""The state of a request or a match in the words of the person who looks at it, from real counts and deadlines."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.words import count_in_words, day_in_words, moment_in_words
from matching import states
from matching.models import HelpRequest, Match, MatchEvent, RequestEvent
from matching.models.matches import LEFT, SUSPENDED


def of_request(request: HelpRequest, live: Iterable[Match], *, now: datetime, gone: Match | None = None) -> list[str]:
    """What the resident is told about their request; `live` are its live matches, `gone` whom it lost last."""
    said = {
        states.DRAFT: _("Diese Bitte ist noch nicht abgeschickt."),
        states.DONE: _("Diese Hilfe ist erledigt."),
        states.WITHDRAWN: _("Sie haben diese Bitte zurückgezogen."),
        states.LAPSED: _("Wir haben in dieser Zeit leider niemanden gefunden. Das tut uns leid."),
    }.get(request.state)
    if said:
        return [said]
    matches = list(live)
    if request.state != states.OPEN:
        return _found(request, matches)
    lost = [of_gone_helper(gone)] if gone and not _said_yes(matches) else []
    return [*_found(request, matches), *lost, *_search(matches, now)]


def of_match_for_volunteer(match: Match, *, now: datetime, rests: bool = False) -> str:
    """Where this pair stands, said to the volunteer; nobody is told why they were not chosen, or why it `rests`."""
    name = match.resident.first_name
    if match.end_reason == SUSPENDED:
        return _("Diese Vermittlung ist beendet. Das Quartiersbüro sagt Ihnen gern, wie es weitergeht.")
    if rests:
        return _resting(name)
    if came_too_late(match):
        return _("Jemand war schneller und hat schon zugesagt. Sie müssen nichts tun. Danke, dass Sie bereit waren.")
    if match.state == states.ASKED and match.deadline:
        until = moment_in_words(match.deadline, today=timezone.localdate(now))
        return _("%(name)s wartet auf Ihre Antwort. Bitte antworten Sie bis %(until)s.") % {
            "name": name,
            "until": until,
        }
    if match.state == states.ACCEPTED and match.needs_review:
        return _("Danke für Ihre Zusage. Das Quartiersbüro sieht sie sich gerade an.")
    return {
        states.ACCEPTED: _("Danke für Ihre Zusage. Jetzt entscheidet %(name)s."),
        states.CONFIRMED: _(
            "%(name)s freut sich auf Ihre Hilfe. Sie können sich schreiben und einen Termin ausmachen."
        ),
        states.DECLINED: _("Sie haben abgesagt. Das ist in Ordnung."),
        states.EXPIRED: _("Die Frist ist vorbei. Wir haben weiter gesucht."),
        states.REFUSED: _("Diesmal hat es nicht gepasst. Danke, dass Sie helfen wollten."),
        states.REJECTED: _("Diesmal hat es nicht gepasst. Danke, dass Sie helfen wollten."),
        states.CLOSED: _(
            "Jemand anderes war schneller, oder die Bitte hat sich erledigt. Danke für Ihre Bereitschaft."
        ),
        states.ENDED: _("Diese Vermittlung ist beendet. Danke für Ihre Hilfe."),
        states.COMPLETED: _("Diese Hilfe ist erledigt. Danke."),
    }.get(match.state, "") % {"name": name}


def came_too_late(match: Match) -> bool:
    """Asked, and meanwhile as many others said yes as are needed; a place that is freed again changes that."""
    return match.state == states.ASKED and match.request.accepted_helpers >= match.request.helpers_needed


def of_match_for_resident(match: Match, *, rests: bool = False) -> str:
    """Where this pair stands, said to the resident and the people they trust; nobody is told why it `rests`."""
    if rests:
        return _resting(match.volunteer.first_name)
    if match.end_reason == SUSPENDED:
        return _("%(name)s kann zurzeit nicht kommen. Wir suchen jemand anderes für Sie.") % {
            "name": match.volunteer.first_name
        }
    said = {
        states.ACCEPTED: _("%(name)s möchte helfen. Sie entscheiden, ob es passt."),
        states.CONFIRMED: _("%(name)s hilft Ihnen. Sie können sich schreiben und einen Termin ausmachen."),
        states.REFUSED: _("Sie wollten lieber jemand anderes. Wir haben %(name)s gedankt."),
        states.REJECTED: _("Das Quartiersbüro hat diese Vermittlung beendet."),
        states.CLOSED: _("Diese Vermittlung hat sich erledigt."),
        states.ENDED: _("Diese Vermittlung ist beendet."),
        states.COMPLETED: _("Diese Hilfe ist erledigt."),
    }
    return said.get(match.state, "") % {"name": match.volunteer.first_name}


def of_gone_helper(match: Match) -> str:
    """Said to the resident whose request looks again: who helped them, or would have, is gone."""
    if match.end_reason == SUSPENDED:
        return of_match_for_resident(match)
    name = {"name": match.volunteer.first_name}
    if match.end_reason == LEFT or match.ended_by == match.volunteer_id:  # type: ignore[attr-defined]
        return _("%(name)s kann leider nicht mehr kommen. Wir suchen jemand anderes für Sie.") % name
    return _("Die Hilfe von %(name)s ist zu Ende. Wir suchen jemand anderes für Sie.") % name


def of_request_event(event: RequestEvent) -> str:
    """One line of the request's story; an unknown move is left out."""
    return {
        "publish": _("Die Bitte wurde abgeschickt."),
        "change": _("Die Bitte wurde geändert."),
        "fill": _("Es ist jemand gefunden."),
        "reopen": _("Wir suchen wieder."),
        "withdraw": _("Die Bitte wurde zurückgezogen."),
        "expire": _("Die Zeit ist vorbei, ohne dass jemand gefunden wurde."),
        "finish": _("Die Hilfe ist erledigt."),
    }.get(event.move, "")


def of_match_event(event: MatchEvent, *, volunteer_known: bool) -> str:
    """One line of a pair's story; names the volunteer only where the reader may know them."""
    name = event.match.volunteer.first_name if volunteer_known else _("Jemand aus der Nachbarschaft")
    said = {
        "release": _("Wir haben jemanden gefragt."),
        "accept": _("%(name)s hat Ja gesagt."),
        "offer": _("%(name)s möchte helfen."),
        "decline": _("Jemand hat diesmal abgesagt."),
        "expire": _("Von jemandem kam keine Antwort."),
        "confirm": _("Die Hilfe von %(name)s ist abgemacht."),
        "refuse": _("%(name)s wurde freundlich abgesagt."),
        "end": _("Die Vermittlung mit %(name)s ist beendet."),
        "complete": _("%(name)s hat geholfen."),
    }
    return said.get(event.move, "") % {"name": name}


def of_own_event(event: MatchEvent) -> str:
    """One line of a pair's story, said to the volunteer."""
    return {
        "release": _("Wir haben Sie gefragt."),
        "accept": _("Sie haben Ja gesagt."),
        "offer": _("Sie haben Ihre Hilfe angeboten."),
        "clear": _("Das Quartiersbüro hat Ihr Angebot weitergegeben."),
        "decline": _("Sie haben diesmal abgesagt."),
        "expire": _("Die Frist für Ihre Antwort ist vorbei."),
        "confirm": _("Ihre Hilfe ist abgemacht."),
        "refuse": _("Diesmal hat es nicht gepasst."),
        "reject": _("Diesmal hat es nicht gepasst."),
        "close": _("Die Bitte hat sich erledigt."),
        "end": _("Die Vermittlung ist beendet."),
        "complete": _("Die Hilfe ist erledigt."),
    }.get(event.move, "")


def _resting(name: str) -> str:
    return _("Der Kontakt mit %(name)s ruht zurzeit. Ihr Quartiersbüro hilft Ihnen gern weiter.") % {"name": name}


def _found(request: HelpRequest, matches: list[Match]) -> list[str]:
    sure = [match.volunteer.first_name for match in matches if match.state == states.CONFIRMED]
    if not sure or request.helpers_needed == 1:  # the pair itself says it
        return []
    counts = {"found": count_in_words(len(sure)), "wanted": count_in_words(request.helpers_needed)}
    return [_("Gefunden: %(found)s von %(wanted)s Menschen.") % counts]


def _search(matches: list[Match], now: datetime) -> list[str]:
    said = [*_said_yes(matches), *_reviewed(matches), *_asked(matches, now)]
    if said:
        return said
    if any(match.state == states.PROPOSED for match in matches):
        return [_("Wir haben jemanden im Blick. Das Quartiersbüro fragt als Nächstes nach.")]
    return [_("Wir suchen jemanden, der zu Ihrer Bitte passt. Sie sehen es hier, sobald wir jemanden gefragt haben.")]


def _said_yes(matches: list[Match]) -> list[str]:
    names = [m.volunteer.first_name for m in matches if m.state == states.ACCEPTED and not m.needs_review]
    return [_("%(name)s möchte Ihnen helfen.") % {"name": name} for name in names]


def _reviewed(matches: list[Match]) -> list[str]:
    if any(match.state == states.ACCEPTED and match.needs_review for match in matches):
        return [_("Jemand möchte helfen. Das Quartiersbüro sieht es sich gerade an.")]
    return []


def _asked(matches: list[Match], now: datetime) -> list[str]:
    """ "Wir haben drei Nachbarn gefragt. Meist antworten sie bis Donnerstag."."""
    asked = [match for match in matches if match.state == states.ASKED]
    if not asked:
        return []
    count = len(asked)
    said = ngettext(
        "Wir haben jemanden aus der Nachbarschaft gefragt.", "Wir haben %(count)s Nachbarn gefragt.", count
    ) % {"count": count_in_words(count)}
    last = max(match.deadline for match in asked if match.deadline)
    if last <= now:
        return [said]
    until = {"day": day_in_words(timezone.localdate(last), today=timezone.localdate(now))}
    return [said, ngettext("Die Antwort kommt meist bis %(day)s.", "Meist antworten sie bis %(day)s.", count) % until]
