"""
The kinds of things somebody must hear, as one table: what is said, how long it waits for eyes, who may do without.

A new kind is a row here, a function in `about.py`, and a call of `tell`. Sentences name nobody and no thing: they end
up on screens that strangers see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from messaging.models import Notice
from messaging.outbox import about

A_MOMENT = timedelta(minutes=1)  # who looks at the page just now needs no mail
TEN_MINUTES = timedelta(minutes=10)
NOW = timedelta()


@dataclass(frozen=True)
class Topic:
    """What a person chooses a way for. `may_be_off`: they may do without."""

    name: str
    label: Any
    may_be_off: bool = False


@dataclass(frozen=True)
class Kind:
    """
    `says`: to the person; `to_office`: to the worker who calls. `holds`: which are still news? `page`: where it leads.

    `wait`: so long it waits for them to see it by themselves. `gathers`: may wait for the daily digest. `asks`: an
    answer is needed, so it takes a louder way when none comes. `at_home`: whoever opened their own page saw it.
    `on_call_list`: the call list, or a queue of the desk, has people of the telephone because of the thing itself.
    `on_paper`: the desk has a letter of its own for it (`matching.desk.letter_list`).
    """

    name: str
    topic: str
    says: Any
    to_office: Any
    holds: Callable[[datetime], Q] = about.always
    page: Callable[[Notice], str] = about.home
    wait: timedelta = A_MOMENT
    gathers: bool = True
    asks: bool = False
    at_home: bool = False
    on_call_list: bool = True
    on_paper: bool = False

    @property
    def may_be_off(self) -> bool:
        return TOPICS[self.topic].may_be_off


TOPICS = {
    topic.name: topic
    for topic in (
        Topic("asked", _("Jemand bittet mich um Hilfe")),
        Topic("answers", _("Zusagen, Absagen und das Ende einer Vermittlung")),
        Topic("thanks", _("Dank, wenn ich diesmal nicht gebraucht werde"), may_be_off=True),
        Topic("message", _("Neue Nachrichten im Gespräch"), may_be_off=True),
        Topic("times", _("Termine: vorgeschlagen, zugesagt, verschoben, abgesagt")),
        Topic("reminder", _("Erinnerung vor einem Termin"), may_be_off=True),
        Topic("check_in", _("Fragen nach einem Besuch"), may_be_off=True),
        Topic("office", _("Nachrichten vom Quartiersbüro")),
    )
}
KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "asked",
            "asked",
            _(
                "Jemand in Ihrer Nähe bittet um Hilfe, und Sie kommen dafür in Frage. "
                "Bitte sagen Sie uns, ob es diesmal geht. Ein Nein ist auch in Ordnung."
            ),
            _("Wurde gefragt, ob er oder sie helfen kann. Bitte nach der Antwort fragen."),
            holds=about.is_asked,
            page=about.match_page,
            gathers=False,
            asks=True,
            at_home=True,
            on_paper=True,
        ),
        Kind(
            "accepted",
            "answers",
            _(
                "Jemand möchte Ihnen helfen. Bitte sehen Sie nach, wer es ist, "
                "und sagen Sie uns, ob es Ihnen recht ist."
            ),
            _("Jemand hat zugesagt. Bitte fragen, ob es recht ist."),
            holds=about.is_accepted,
            page=about.match_page,
            gathers=False,
            asks=True,
            at_home=True,
            on_paper=True,
        ),
        Kind(
            "confirmed",
            "answers",
            _("Es ist abgemacht: Sie beide können jetzt miteinander schreiben und einen Termin ausmachen."),
            _("Die Vermittlung ist bestätigt. Bitte Bescheid sagen und nach einem Termin fragen."),
            holds=about.is_confirmed,
            page=about.match_page,
            at_home=True,
        ),
        Kind(
            "ended",
            "answers",
            _("Eine Vermittlung ist zu Ende. Auf Ihrer Seite steht, wie es weitergeht."),
            _("Eine Vermittlung ist zu Ende. Bitte Bescheid sagen."),
            page=about.match_page,
            on_paper=True,
        ),
        Kind(
            "left",
            "answers",
            _("Wer Ihnen helfen wollte, kann nun doch nicht kommen. Auf Ihrer Seite steht, wie es weitergeht."),
            _("Wer helfen wollte, ist nicht mehr dabei und kommt nicht. Bitte Bescheid sagen und weitersuchen."),
            gathers=False,
            on_call_list=False,
        ),
        Kind(
            "thanks",
            "thanks",
            _("Danke, dass Sie helfen wollten. Diesmal werden Sie nicht gebraucht. Wir fragen Sie gern wieder."),
            _("Wird diesmal nicht gebraucht. Bitte danken."),
            holds=about.is_owed,
            on_paper=True,
        ),
        Kind(
            "message",
            "message",
            _("Im Gespräch warten neue Nachrichten auf Sie."),
            _("Im Gespräch wartet eine neue Nachricht. Sie lässt sich nur in der eigenen Anmeldung lesen."),
            holds=about.is_unread,
            page=about.talk_page,
            wait=TEN_MINUTES,
            on_call_list=False,
        ),
        Kind(
            "proposed",
            "times",
            _("Für ein Treffen ist eine Zeit vorgeschlagen. Bitte sagen Sie, ob sie Ihnen passt."),
            _("Eine Zeit ist vorgeschlagen. Bitte fragen, ob sie passt."),
            holds=about.is_proposed,
            page=about.talk_page,
            gathers=False,
            asks=True,
        ),
        Kind(
            "moved",
            "times",
            _("Für einen Termin ist eine andere Zeit vorgeschlagen. Bitte sagen Sie, ob sie Ihnen passt."),
            _("Ein Termin soll verschoben werden. Bitte fragen, ob die neue Zeit passt."),
            holds=about.is_proposed,
            page=about.talk_page,
            gathers=False,
            asks=True,
        ),
        Kind(
            "agreed",
            "times",
            _("Ein Termin ist abgemacht. Wann und wo, steht im Gespräch und in Ihrem Kalender."),
            _("Ein Termin ist abgemacht. Bitte Tag und Uhrzeit sagen."),
            holds=about.is_ahead,
            page=about.talk_page,
            on_paper=True,
        ),
        Kind(
            "called_off",
            "times",
            _("Ein Termin fällt aus. Im Gespräch steht, welcher."),
            _("Ein Termin fällt aus. Bitte Bescheid sagen."),
            page=about.talk_page,
            gathers=False,
            on_paper=True,
        ),
        Kind(  # the desk has no letter for it
            "series_over",
            "times",
            _("Ihre regelmäßigen Termine sind zu Ende. Warum, steht im Gespräch."),
            _("Die regelmäßigen Termine sind zu Ende. Bitte Bescheid sagen."),
            page=about.talk_page,
            gathers=False,
        ),
        Kind(
            "reminder",
            "reminder",
            _(
                "Sie haben bald einen Termin. Wann und mit wem, sehen Sie auf Ihrer Seite. "
                "Dort können Sie auch verschieben oder absagen."
            ),
            _("Hat bald einen Termin. Bitte erinnern."),
            holds=about.is_agreed,
            page=about.calendar,
            wait=NOW,
            gathers=False,
        ),
        Kind(
            "check_in",
            "check_in",
            _("Sie hatten einen Besuch. Wir haben zwei kurze Fragen dazu."),
            _("Bitte nach dem Besuch fragen: War alles in Ordnung? Gern wieder?"),
            holds=about.is_unanswered,
            page=about.check_in_page,
            wait=TEN_MINUTES,
            at_home=True,
        ),
        Kind(
            "office",
            "office",
            _("Ihr Quartiersbüro hat eine Nachricht für Sie. Bitte sehen Sie auf Ihrer Seite nach."),
            _("Das Büro wollte etwas sagen. Bitte anrufen."),
            on_call_list=False,
        ),
        Kind(
            "report",
            "office",
            _("Ihr Quartiersbüro hat eine Nachricht für Sie. Bitte sehen Sie auf Ihrer Seite nach."),
            _("Eine Meldung ist angesehen. Bitte sagen, wie es ausgegangen ist."),
            page=about.report_page,
        ),
    )
}


def over(now: datetime) -> Q:
    """Of rows of any kind: no news any more, because its time has passed or the thing settled itself."""
    settled = (Q(kind=kind.name) & ~news for kind in KINDS.values() if (news := kind.holds(now)))
    return reduce(or_, settled, Q(until__lte=now))


def is_news(notice: Notice, now: datetime) -> bool:
    """Is it not `over`? Asks the database nothing where only its time decides."""
    if notice.until and notice.until <= now:
        return False
    news = KINDS[notice.kind].holds(now)
    return not news or Notice.objects.filter(news, pk=notice.pk).exists()


def page_of(notice: Notice) -> str:
    """The path of the page that says it, of a row `with_pages`: one's own where the thing is gone. Asks nothing."""
    return about.page_or_home(KINDS[notice.kind].page, notice)
