"""What settled itself leaves the office's lists of notices, whatever it speaks of, in one query."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching.models import Appointment, CheckIn, Series
from messaging.actions.delivery import clear_lists
from messaging.models import Mark, Notice
from messaging.outbox.kinds import KINDS
from tests.matching.arranged import TOMORROW, a_pair, a_proposal, an_appointment
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_person, a_request, ada, ben

pytestmark = pytest.mark.django_db
FAILED, OVER = Notice.State.FAILED, Notice.State.OVER


def listed(person: User, kind: str, about=None, *, thread=None, state=FAILED, **fields) -> Notice:
    return Notice.objects.create(
        person=person, kind=kind, event=str(uuid4()), about=about, thread=thread, state=state, due_at=NOW, **fields
    )


def stands(notice: Notice) -> bool:
    clear_lists(now=NOW)
    notice.refresh_from_db()
    return notice.state != OVER


def change(row, **fields) -> None:
    type(row).objects.filter(pk=row.pk).update(**fields)


def a_series(**fields) -> Series:
    day = TOMORROW.date()
    return Series.objects.create(match=a_pair(), first_on=day, start_minute=600, minutes=60, **fields)


def a_check_in() -> CheckIn:
    return CheckIn.objects.create(match=a_pair(), person=ada(), visit=1)


SETTLES = {
    "asked": (lambda: a_match(state="asked"), {"state": "declined"}),
    "asked in time": (lambda: a_match(state="asked"), {"deadline": NOW - timedelta(minutes=1)}),
    "accepted": (lambda: a_match(state="accepted"), {"state": "refused"}),
    "confirmed": (a_pair, {"state": "ended"}),
    "proposed": (a_proposal, {"state": "cancelled"}),
    "proposed as a series": (a_series, {"agreed_at": NOW}),
    "moved": (a_proposal, {"start": NOW - timedelta(hours=1)}),
    "agreed": (an_appointment, {"state": "cancelled"}),
    "agreed as a series": (lambda: a_series(agreed_at=NOW), {"ended_at": NOW}),
    "reminder": (an_appointment, {"arrived_at": NOW}),
    "check_in": (a_check_in, {"answered_at": NOW}),
    "check_in seen to": (a_check_in, {"settled_at": NOW}),
}


@pytest.mark.parametrize("name", SETTLES)
def test_what_settled_itself_leaves_the_list_and_nothing_else_does(name):
    make, settled = SETTLES[name]
    row = make()
    notice = listed(ben(), name.split()[0], row.pk, state=Notice.State.TO_CALL)
    assert stands(notice)
    change(row, **settled)
    assert not stands(notice)


def test_times_proposed_together_are_news_while_one_of_them_waits():
    offer, visit = uuid4(), a_proposal()
    change(visit, offer=offer)
    notice = listed(ada(), "proposed", offer)
    assert stands(notice)
    Appointment.objects.update(state="cancelled")
    assert not stands(notice)


def test_messages_are_news_until_this_person_read_what_the_other_wrote():
    talk = a_talk()
    say(talk, ben())
    posted = say(talk, ada(), "Danke")
    hers = listed(ada(), "message", thread=talk.match_id)
    assert stands(hers)
    Mark.objects.update_or_create(conversation=talk, person=ada(), defaults={"read_seq": 1})
    assert not stands(hers)
    assert stands(listed(ben(), "message", thread=talk.match_id))
    Mark.objects.update_or_create(conversation=talk, person=ben(), defaults={"read_seq": posted.message.seq})
    assert not stands(Notice.objects.get(person=ben(), state=FAILED))


@pytest.mark.parametrize(
    ("person", "told", "expected"),
    [
        ({"channel": "phone", "phone": "+4921412345"}, False, False),
        ({"channel": "phone", "phone": "+4921412345"}, True, True),
        ({"email": None}, False, False),
        ({"channel": "online"}, False, True),
    ],
)
def test_thanks_are_owed_to_whoever_was_asked(person, told, expected):
    match = a_match(state="asked")
    User.objects.filter(pk=ben().pk).update(**person)
    if told:
        listed(ben(), "asked", match.pk, thread=match.pk, state=Notice.State.SENT, told_at=NOW)
    assert stands(listed(ben(), "thanks", match.pk, thread=match.pk)) is expected


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_it_is_its_time_passes(kind):
    assert not stands(listed(ada(), kind, uuid4(), thread=uuid4(), until=NOW))


def test_what_has_no_end_of_its_own_stays():
    assert all(stands(listed(ada(), kind, uuid4(), thread=uuid4())) for kind in ("ended", "left", "office", "report"))


def test_only_the_lists_of_the_office_are_cleared():
    notice = listed(ben(), "asked", uuid4(), state=Notice.State.SENT)
    assert stands(notice)


def test_a_long_list_costs_as_much_as_a_short_one():
    counts = []
    for number in (2, 4):
        for index in range(number):
            match = a_match(a_request(a_person(f"R{number}{index}")), ben(), state="asked")
            for kind in KINDS:
                listed(match.resident, kind, match.pk, thread=match.pk)
        with CaptureQueriesContext(connection) as asked:
            assert clear_lists(now=NOW) > 0
        counts.append(len(asked))
    assert counts == [1, 1]
