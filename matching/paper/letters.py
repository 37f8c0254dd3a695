"""
The letters of the office: one for each answer that somebody without internet should get.

Which letters exist is the table `LETTERS`; a new one is a row and a function that says its words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from matching.paper.office import Office
from matching.paper.press import Sheet

RESIDENT, HELPER = "bewohner", "helfer"  # to whom; part of the letter's address on the desk


@dataclass(frozen=True)
class News:
    """
    What a letter may have to say, already in words; "" where it is not known or not theirs to know.

    `other`: first name of the other side. `before`: the time that no longer holds. `checked`: what the office saw.
    `goes_on`: the request looks for somebody else. `said_yes`: the volunteer did; else they were only asked.
    """

    kinds: str
    other: str = ""
    when: str = ""
    before: str = ""
    place: str = ""
    length: str = ""
    word: str = ""
    until: str = ""
    since: str = ""
    checked: Sequence[str] = ()
    goes_on: bool = True
    said_yes: bool = True


@dataclass(frozen=True)
class Text:
    """The body of a letter: paragraphs, the few facts to keep, paragraphs."""

    subject: str
    before: list[str]
    facts: list[tuple[str, str]] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Letter:
    """`about`: "match", "appointment" or "request". `to`: RESIDENT or HELPER. `label`: on the desk."""

    key: str
    to: str
    about: str
    label: Any
    says: Callable[[News], Text]


def letter(text: Text, office: Office, *, name: str, recipient: Sequence[str], today: date, signed: str) -> Sheet:
    """
    One page A4 for a window envelope (DIN 5008, form B), in the active language.

    `recipient`: the lines of the address, at most six. `signed`: the worker's name.
    """
    info = [(_("Telefon:"), office.phone), (_("Zeiten:"), office.hours), (_("Adresse:"), office.address)]
    words = {
        "sender": ", ".join(filter(None, [office.carrier, office.address])),
        "recipient": list(recipient),
        "info": [_fact(*one) for one in info if one[1]] + [_fact(_("Datum:"), date_format(today, "DATE_FORMAT"))],
        "greeting": _("Guten Tag %(name)s,") % {"name": name},
        "before": text.before,
        "facts": [_fact(label, said) for label, said in text.facts if said],
        "after": text.after,
        "closing": _("Mit freundlichen Grüßen"),
        "signed": signed,
    }
    return Sheet("letter", _("brief"), get_language() or "de", text.subject, office.words | words)


def named(key: str, to: str) -> Letter | None:
    return next((one for one in LETTERS if (one.key, one.to) == (key, to)), None)


def _fact(label: str, text: str) -> dict[str, str]:
    return {"label": label, "text": text}


def _asked(news: News) -> Text:
    return Text(
        _("Haben Sie Zeit zu helfen?"),
        [_("in Ihrer Nähe bittet jemand um Hilfe, und wir haben an Sie gedacht.")],
        [(_("Was:"), news.kinds), (_("Wann:"), news.when), (_("Wie lange:"), news.length)],
        [
            _("Bitte rufen Sie uns bis %(day)s an und sagen Sie uns, ob es geht.") % {"day": news.until},
            _("Ein Nein ist auch in Ordnung. Dann fragen wir jemand anderes."),
        ],
    )


def _found(news: News) -> Text:
    return Text(
        _("Wir haben jemanden für Sie gefunden"),
        [_("Sie haben um Hilfe gebeten. %(name)s möchte Ihnen helfen.") % {"name": news.other}],
        [(_("Wer:"), news.other), (_("Was:"), news.kinds), (_("Wir haben geprüft:"), ", ".join(news.checked))],
        [
            _("Ist Ihnen das recht? Bitte rufen Sie uns an. Ohne Ihr Ja kommt niemand zu Ihnen."),
            _("Wenn Sie lieber jemand anderes möchten, suchen wir weiter. Sie brauchen keinen Grund zu sagen."),
        ],
    )


def _nobody(news: News) -> Text:
    return Text(
        _("Wir suchen noch für Sie"),
        [
            _("Sie haben um Hilfe gebeten: %(kinds)s.") % {"kinds": news.kinds},
            _("Bis heute haben wir noch niemanden gefunden. Ihre Bitte steht seit %(day)s auf unserer Liste.")
            % {"day": news.since},
        ],
        [],
        [
            _("Wir suchen weiter und melden uns. Sie brauchen nichts zu tun."),
            _("Hilft auch ein anderer Tag oder eine andere Uhrzeit? Dann rufen Sie uns bitte an."),
        ],
    )


def _comes(news: News) -> Text:
    return Text(
        _("Ihr Termin steht fest"),
        [_("%(name)s kommt und hilft Ihnen: %(kinds)s.") % {"name": news.other, "kinds": news.kinds}],
        _visit(news),
        _at_the_door(),
    )


def _goes(news: News) -> Text:
    return Text(
        _("Ihr Termin steht fest"),
        [_("danke, dass Sie helfen. %(name)s erwartet Sie: %(kinds)s.") % {"name": news.other, "kinds": news.kinds}],
        _visit(news),
        _on_your_way(),
    )


def _moved_resident(news: News) -> Text:
    return Text(
        _("Ihr Termin hat eine neue Zeit"),
        [_("%(name)s kommt zu einer anderen Zeit.") % {"name": news.other}],
        [(_("Bisher:"), news.before), *_visit(news)],
        _at_the_door(),
    )


def _moved_helper(news: News) -> Text:
    return Text(
        _("Ihr Termin hat eine neue Zeit"),
        [_("der Termin mit %(name)s ist zu einer anderen Zeit.") % {"name": news.other}],
        [(_("Bisher:"), news.before), *_visit(news)],
        _on_your_way(),
    )


def _off(news: News) -> Text:
    return Text(
        _("Ein Termin fällt aus"),
        [_("der Termin mit %(name)s findet nicht statt.") % {"name": news.other}],
        [(_("Wann:"), news.when), (_("Was:"), news.kinds)],
        [_("Möchten Sie einen neuen Termin? Bitte rufen Sie uns an. Wir kümmern uns darum.")],
    )


def _thanks(news: News) -> Text:
    yes = _("Sie waren bereit zu helfen: %(kinds)s. Dafür danken wir Ihnen herzlich.")
    asked = _("wir hatten Sie gefragt, ob Sie helfen können: %(kinds)s. Danke, dass Sie darüber nachgedacht haben.")
    return Text(
        _("Danke für Ihre Hilfe") if news.said_yes else _("Danke für Ihre Zeit"),
        [(yes if news.said_yes else asked) % {"kinds": news.kinds}],
        [],
        [
            _("Diese Vermittlung ist zu Ende. Sie müssen nichts weiter tun."),
            _("Wir fragen Sie gern wieder. Wenn Sie eine Pause brauchen, rufen Sie uns an."),
        ],
    )


def _ended_resident(news: News) -> Text:
    return Text(
        _("Ihre Hilfe ist zu Ende"),
        [_("%(name)s kann leider nicht mehr zu Ihnen kommen.") % {"name": news.other}],
        [(_("Was:"), news.kinds)],
        [
            _("Verabredete Termine finden nicht mehr statt. Das Kennwort gilt nicht mehr."),
            _("Wir suchen jemand anderes für Sie und melden uns. Sie brauchen nichts zu tun.")
            if news.goes_on
            else _("Brauchen Sie weiter Hilfe? Bitte rufen Sie uns an."),
        ],
    )


def _ended_helper(news: News) -> Text:
    return Text(
        _("Eine Vermittlung ist zu Ende"),
        [_("die Vermittlung mit %(name)s ist beendet. Danke für Ihre Hilfe.") % {"name": news.other}],
        [(_("Was:"), news.kinds)],
        [
            _("Verabredete Termine finden nicht mehr statt. Bitte gehen Sie nicht mehr hin."),
            _("Notizen mit Name und Adresse werfen Sie bitte weg. Wir fragen Sie gern wieder."),
        ],
    )


def _lapsed(news: News) -> Text:
    return Text(
        _("Wir haben niemanden gefunden"),
        [
            _("Sie haben um Hilfe gebeten: %(kinds)s.") % {"kinds": news.kinds},
            _("In dieser Zeit haben wir leider niemanden gefunden. Das tut uns leid."),
        ],
        [],
        [
            _("Sollen wir noch einmal suchen? Bitte rufen Sie uns an."),
            _("Oft hilft ein anderer Tag oder eine andere Uhrzeit. Wir überlegen gern mit Ihnen."),
        ],
    )


def _visit(news: News) -> list[tuple[str, str]]:
    return [(_("Wann:"), news.when), (_("Wo:"), news.place), (_("Kennwort:"), news.word)]


def _at_the_door() -> list[str]:
    return [
        _("Fragen Sie an der Tür nach dem Kennwort. Kein Kennwort? Lassen Sie die Tür zu und rufen Sie uns an."),
        _("Geben Sie niemandem Ihre Bankkarte oder Geheimzahl. Danach fragt bei uns niemand."),
        _("Passt es nicht? Bitte rufen Sie uns rechtzeitig an."),
    ]


def _on_your_way() -> list[str]:
    return [
        _("Nennen Sie an der Tür das Kennwort und zeigen Sie Ihren Ausweis."),
        _("Die Adresse sagen wir Ihnen am Telefon. Wir schicken sie nicht mit der Post."),
        _("Passt es nicht? Bitte rufen Sie uns rechtzeitig an."),
    ]


LETTERS = (
    Letter("gefragt", HELPER, "match", gettext_lazy("Anfrage"), _asked),
    Letter("gefunden", RESIDENT, "match", gettext_lazy("Jemand ist gefunden"), _found),
    Letter("beendet", RESIDENT, "match", gettext_lazy("Hilfe ist zu Ende"), _ended_resident),
    Letter("beendet", HELPER, "match", gettext_lazy("Hilfe ist zu Ende"), _ended_helper),
    Letter("dank", HELPER, "match", gettext_lazy("Dank"), _thanks),
    Letter("suche", RESIDENT, "request", gettext_lazy("Noch niemand gefunden"), _nobody),
    Letter("abgelaufen", RESIDENT, "request", gettext_lazy("Niemand gefunden"), _lapsed),
    Letter("kommt", RESIDENT, "appointment", gettext_lazy("Termin steht fest"), _comes),
    Letter("kommt", HELPER, "appointment", gettext_lazy("Termin steht fest"), _goes),
    Letter("verschoben", RESIDENT, "appointment", gettext_lazy("Neue Zeit"), _moved_resident),
    Letter("verschoben", HELPER, "appointment", gettext_lazy("Neue Zeit"), _moved_helper),
    Letter("abgesagt", RESIDENT, "appointment", gettext_lazy("Termin fällt aus"), _off),
    Letter("abgesagt", HELPER, "appointment", gettext_lazy("Termin fällt aus"), _off),
)
