"""The demo city: as large as promised, as right as the verbs would have left it, the same on every run."""

from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.test import Client
from django.utils import timezone

from accounts.models import RoleAssignment, User, VolunteerProfile
from config.demo import city, logins
from config.demo.build import seed
from matching import states
from matching.models import Appointment, HelpRequest, Match, MatchEvent, Order, RequestEvent
from matching.replay import what_if
from matching.replay.loading import history_of
from matching.replay.world import play
from matching.scoring import WEIGHTS
from messaging.models import Conversation, Mark, Message
from places.models import Border, House, Quarter
from tests.people import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def demo_city(django_db_setup, django_db_blocker):
    """Built once for all tests of this file, and taken away after them."""
    with django_db_blocker.unblock():
        call_command("flush", interactive=False, verbosity=0)
        yield seed(now=timezone.now())
        call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(autouse=True)
def _in_the_city(demo_city):
    return demo_city


def test_it_is_as_large_as_a_city_of_this_size():
    assert Quarter.objects.count() == 13
    assert 280 <= VolunteerProfile.objects.count() <= 300
    assert 210 <= User.objects.filter(wants_help=True).count() <= 270
    assert User.objects.filter(email=None, channel="phone").count() > 80
    assert {q.workers.count() for q in Quarter.objects.all()} <= {1, 2, 3}
    assert RoleAssignment.objects.filter(role="coordinator").count() == 1
    assert House.objects.count() > 4500


def test_minors_paused_and_new_people_are_there():
    eighteen = timezone.localdate().replace(year=timezone.localdate().year - 18, day=1)
    minors = VolunteerProfile.objects.filter(user__born_on__gt=eighteen)
    assert minors.exists()
    assert not minors.filter(skills__minors_may=False).exists()
    assert VolunteerProfile.objects.filter(paused=True).exists()
    assert VolunteerProfile.objects.filter(welcomed_at=None).count() >= 13


def test_borders_are_exactly_those_of_the_table():
    pairs = {
        (b.quarter.name, b.neighbour.name, b.barrier) for b in Border.objects.select_related("quarter", "neighbour")
    }
    wanted = {pair for a, b, barrier in city.BORDERS for pair in ((a, b, barrier), (b, a, barrier))}
    assert pairs == wanted


def test_sixty_requests_wait_in_all_states():
    waiting = HelpRequest.objects.filter(Q(state__in=[states.OPEN, states.DRAFT]) | Q(created_at__gte=NOW))
    assert waiting.filter(state__in=[states.OPEN, states.DRAFT]).count() >= 58
    found = Counter(Match.objects.filter(request__state=states.OPEN).values_list("state", flat=True))
    assert {"proposed", "asked", "accepted", "confirmed", "declined"} <= set(found)
    assert Match.objects.filter(needs_review=True).exists()
    assert HelpRequest.objects.open().exclude(matches__state__in=states.LIVE).exists()
    overdue = timezone.now() - timezone.timedelta(days=5)
    assert HelpRequest.objects.open().filter(open_since__lt=overdue).exists()


def test_three_months_of_history_of_every_ending():
    endings = Counter(Match.objects.values_list("state", flat=True))
    for state in ("completed", "ended", "declined", "expired", "rejected"):
        assert endings[state] >= 5, state
    assert Counter(HelpRequest.objects.values_list("state", flat=True)).keys() >= {
        "done",
        "withdrawn",
        "expired",
        "filled",
    }
    oldest = HelpRequest.objects.earliest("created_at").created_at
    assert 80 <= (timezone.now() - oldest).days <= 100


def test_counters_are_what_the_verbs_would_have_counted():
    live = Count("user__matches_as_volunteer", filter=Q(user__matches_as_volunteer__state__in=states.LIVE))
    assert not VolunteerProfile.objects.annotate(live=live).exclude(live=F("live_matches")).exists()
    met = Count("matches", filter=Q(matches__state__in=[states.CONFIRMED, states.COMPLETED]))
    assert not HelpRequest.objects.annotate(met=met).exclude(met=F("confirmed_helpers")).exists()
    held = Count(
        "matches",
        filter=Q(matches__state__in=[states.CONFIRMED, states.COMPLETED])
        | Q(matches__state=states.ACCEPTED, matches__needs_review=False),
    )
    assert not HelpRequest.objects.annotate(held=held).exclude(held=F("accepted_helpers")).exists()


def test_every_match_tells_its_life_in_events():
    for match in Match.objects.prefetch_related("events")[:200]:
        state = ""
        for event in match.events.all():
            assert event.before == state
            if event.move not in ("propose", "offer", "clear", "replace"):
                assert event.after == states.after(state, event.move)
            state = event.after
        assert state == match.state


def test_every_confirmed_match_has_its_order_and_nothing_lies_in_the_future():
    assert not Match.objects.filter(confirmed_at__isnull=False, order=None).exists()
    assert Order.objects.filter(match__confirmed_at=None).count() == 0
    now = timezone.now()
    assert not MatchEvent.objects.filter(at__gt=now).exists()
    assert not RequestEvent.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(stored_at__gt=now).exists()
    assert not Appointment.objects.filter(state="done", end__gt=now).exists()


def test_talks_are_numbered_without_gaps():
    for talk in Conversation.objects.prefetch_related("messages"):
        assert [message.seq for message in talk.messages.all()] == list(range(1, talk.last_seq + 1))
    assert not Mark.objects.filter(read_seq__gt=F("delivered_seq")).exists()
    assert not Conversation.objects.filter(delete_on__lt=timezone.localdate()).exists()


def test_nobody_could_be_reached_outside():
    emails = User.objects.exclude(email=None).values_list("email", flat=True)
    assert all(email.endswith("@example.org") for email in emails)
    numbers = [phone.as_e164 for phone in User.objects.exclude(phone="").values_list("phone", flat=True)]
    numbers += ["+49" + q.office_phone.replace(" ", "")[1:] for q in Quarter.objects.all()]
    assert all(number.startswith("+492214710") and len(number) == 13 for number in numbers)


def test_only_the_four_have_a_password():
    able = {person.email for person in User.objects.all() if person.has_usable_password()}
    assert able == {login.email for login in logins.LOGINS}


@pytest.mark.parametrize("login", logins.LOGINS, ids=lambda login: login.role)
def test_each_login_opens(login):
    client = Client()
    answer = client.post("/konto/login/", {"login": login.email, "password": login.password})
    assert answer.status_code == 302
    if login.secret:
        assert "2fa" in answer["Location"] or "authenticate" in answer["Location"]
        answer = client.post(answer["Location"], {"code": login.code})
        assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_each_login_has_something_to_do():
    erna, jonas = (User.objects.get(email=one.email) for one in (logins.RESIDENT, logins.VOLUNTEER))
    assert Match.objects.visible_to(erna).filter(state=states.ACCEPTED).exists()
    assert Match.objects.visible_to(jonas).filter(state=states.ASKED, volunteer=jonas).exists()
    running = Match.objects.get(resident=erna, volunteer=jonas, state=states.CONFIRMED)
    assert running.conversation.last_seq >= 8
    assert running.appointments.filter(state="agreed", start__gt=timezone.now()).exists()
    worker = User.objects.get(email=logins.WORKER.email)
    seen = set(Match.objects.visible_to(worker).live().values_list("state", flat=True))
    assert seen == {"proposed", "asked", "accepted", "confirmed"}


def test_a_second_run_changes_nothing(settings):
    settings.DEMO = True
    before = list(HelpRequest.objects.order_by("pk").values_list("pk", "version"))
    out = StringIO()
    call_command("seed_demo", stdout=out)
    assert "kept as it was" in out.getvalue()
    assert list(HelpRequest.objects.order_by("pk").values_list("pk", "version")) == before


def test_outside_of_the_demo_it_refuses(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")


def test_the_outlines_touch_where_the_table_says_so():
    outlines = dict(zip([part.name for part in city.STADTTEILE], city.outlines(), strict=True))
    assert all(outline.is_valid for outline in outlines.values())
    assert all(outlines[a].distance(outlines[b]) < 0.0002 for a, b, _ in city.BORDERS)


@pytest.mark.parametrize("moment", ["2026-03-29T03:10+02:00", "2024-02-29T23:50+01:00"])
def test_it_stands_on_every_day_of_the_year(moment, django_db_blocker):
    """The hour in which the clocks change, a leap day at night: nothing breaks, nothing lies in the future."""
    now = timezone.datetime.fromisoformat(moment)
    seed(now=now, fresh=True)
    assert HelpRequest.objects.count() > 500
    assert not MatchEvent.objects.filter(at__gt=now).exists()
    assert not Message.objects.filter(stored_at__gt=now).exists()


@pytest.mark.parametrize("days", [14, 28, 56])
def test_the_past_of_every_quarter_can_be_played_again_as_it_was(days):
    until = timezone.now()
    for quarter in Quarter.objects.all():
        past = history_of(quarter, since=until - timedelta(days=days), until=until)
        real = sorted(
            (one for one in past.courses if not one.elsewhere),
            key=lambda one: (one.at, str(one.request), str(one.volunteer)),
        )
        assert len(past.records) >= days / 7, quarter
        assert play(past).courses == tuple(real), quarter


def test_other_weights_would_have_made_other_pairs_in_every_quarter():
    turn = dict.fromkeys(WEIGHTS, 0) | {"fair_turn": 1}
    found = [what_if(quarter, turn, now=timezone.now()) for quarter in Quarter.objects.all()]
    assert all(one.other_pairs for one in found)
    assert sum(one.after.evenness < one.before.evenness for one in found) > len(found) / 2
