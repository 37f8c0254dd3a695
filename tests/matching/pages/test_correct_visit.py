""" "Bin fertig" said wrongly: the page of the helper, what the other side reads, the desk, and the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching import actions
from matching.models import Appointment
from messaging.actions import open_conversation
from tests.api.client import Door
from tests.matching.arranged import HOUR, a_pair, an_appointment

pytestmark = pytest.mark.django_db


def just_over(ben) -> Appointment:
    """Begun an hour ago, and said to be over after 59 minutes."""
    now = timezone.now()
    visit = an_appointment(a_pair(), start=now + HOUR, now=now)
    Appointment.objects.filter(pk=visit.pk).update(start=now - HOUR, end=now)
    actions.arrive(appointment_id=visit.pk, by=ben, now=now - timedelta(minutes=59))
    return actions.finish(appointment_id=visit.pk, by=ben, now=now)


def test_the_helper_says_the_minutes_anew_and_both_pages_tell_it(ada, ben, page_as):
    visit = just_over(ben)
    page, helper = f"/termin/{visit.pk}/", page_as(ben)
    assert f"{page}dauer/" in helper.get(page).content.decode()
    assert helper.get(f"{page}dauer/").status_code == 200
    assert helper.post(f"{page}dauer/", {"minutes": "90"}).status_code == 302
    hers = page_as(ada).get(page).content.decode()
    assert "1 Stunde 30 Minuten" in hers
    assert "Ben hat die Dauer geändert." in hers
    assert f"{page}dauer/" not in hers
    assert "Sie haben die Dauer geändert." in helper.get(page).content.decode()
    assert helper.get("/stunden.csv").content.decode().splitlines()[1].endswith(";90;Einkaufen")


def test_the_talk_tells_it_too(ada, ben, page_as):
    visit = just_over(ben)
    talk = open_conversation(match=visit.match, now=timezone.now())
    assert f"/termin/{visit.pk}/dauer/" in page_as(ben).get(f"/gespraech/{talk.pk}/").content.decode()
    page_as(ben).post(f"/termin/{visit.pk}/dauer/", {"minutes": "45"})
    hers = page_as(ada).get(f"/gespraech/{talk.pk}/").content.decode()
    assert "45 Minuten" in hers
    assert "Ben hat die Dauer geändert." in hers
    assert f"/termin/{visit.pk}/dauer/" not in hers


def test_taken_back_by_page_the_helper_may_tap_again(ben, page_as):
    visit, helper = just_over(ben), page_as(ben)
    assert helper.post(f"/termin/{visit.pk}/doch-nicht/").status_code == 302
    page = helper.get(f"/termin/{visit.pk}/").content.decode()
    assert "Bin fertig" in page
    assert "Da seit" in page


@pytest.mark.parametrize("typed", ["", "0", "721", "eine Stunde", "9" * 30])
def test_what_does_not_fit_comes_back_with_a_sentence_beside_the_field(typed, ben, cleo, page_as):
    visit = just_over(ben)
    for person, address in ((ben, f"/termin/{visit.pk}/dauer/"), (cleo, f"/buero/termin/{visit.pk}/dauer/")):
        answer = page_as(person).post(address, {"minutes": typed})
        assert answer.status_code == 400
        assert "Bitte geben Sie die Dauer in Minuten an" in answer.content.decode()
    visit.refresh_from_db()
    assert visit.minutes == 59


def test_too_late_leads_to_the_appointment_and_changes_nothing(ben, page_as):
    visit = just_over(ben)
    Appointment.objects.filter(pk=visit.pk).update(
        finished_at=visit.finished_at - timedelta(days=2), arrived_at=visit.arrived_at - timedelta(days=2)
    )
    helper, page = page_as(ben), f"/termin/{visit.pk}/"
    assert helper.get(f"{page}dauer/")["Location"] == page
    for address, typed in ((f"{page}dauer/", {"minutes": "5"}), (f"{page}doch-nicht/", {})):
        late = helper.post(address, typed)
        assert late.status_code == 409
        assert "Bitte rufen Sie im Quartiersbüro an." in late.content.decode()
    visit.refresh_from_db()
    assert (visit.state, visit.minutes) == ("done", 59)


def test_the_office_finds_it_at_the_person_and_changes_it_on_the_word_of_the_telephone(ada, ben, cleo, page_as):
    visit, desk = just_over(ben), page_as(cleo)
    assert f"/buero/termin/{visit.pk}/" in desk.get(f"/buero/person/{ben.pk}/").content.decode()
    page = f"/buero/termin/{visit.pk}/"
    assert f"{page}dauer/" in desk.get(page).content.decode()
    assert desk.post(f"{page}dauer/", {"minutes": "30"}).status_code == 302
    for person in (ada, ben):
        assert (
            "Ihr Quartiersbüro hat die Dauer geändert." in page_as(person).get(f"/termin/{visit.pk}/").content.decode()
        )
    assert "Dauer des Besuchs geändert" in desk.get(f"/buero/bitte/{visit.match.request_id}/").content.decode()
    assert desk.post(f"{page}doch-nicht/").status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.minutes) == ("agreed", None)


def test_the_same_by_the_api(ada, ben, page_as):
    visit, app = just_over(ben), Door(page_as(ben))
    said = app.post(f"appointments/{visit.pk}/correct/", {"minutes": 75})
    assert (app.status, said["minutes"]) == (200, 75)
    assert said["corrected_at"]
    app.post(f"appointments/{visit.pk}/correct/", {"minutes": 721})
    assert app.status == 400
    assert app.said["fields"]["minutes"]
    hers = Door(page_as(ada))
    hers.post(f"appointments/{visit.pk}/correct/", {"minutes": 5})
    assert hers.status == 403
    back = app.post(f"appointments/{visit.pk}/take-back/")
    assert (app.status, back["state"], back["minutes"]) == (200, "agreed", None)
    app.post(f"appointments/{visit.pk}/correct/", {"minutes": 5})
    assert (app.status, app.said["code"]) == (409, "wrong_state")
