"""The list of talks: what is new, with whom and about what."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from messaging.actions import open_conversation
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def test_the_list_counts_what_is_new_and_asks_the_database_the_same_for_two_and_many(ada, ben, page_as):
    for number in range(2):
        say(a_talk(volunteer=a_volunteer(f"Emil{number}")), ada)
    say(a_talk(), ben, "Ich komme um drei")
    browser = page_as(ada)
    page = browser.get(reverse("messaging:list")).content.decode()
    assert "1 neue Nachricht" in page
    assert "Ich komme um drei" in page
    counts = []
    for extra in (0, 15):
        for number in range(extra):
            say(a_talk(volunteer=a_volunteer(f"Helferin{number}")), ada)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("messaging:list")).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_list_says_what_each_talk_is_about_and_since_when_where_two_look_alike(ada, page_as):
    for slugs in (("einkaufen",), ("einkaufen",), ("vorlesen",)):
        request = a_request(by=ada, skills=slugs)
        match = a_match(request, a_volunteer("Emil", email=f"{uuid4()}@example.org"), state="confirmed")
        open_conversation(match=match, now=NOW)
    page = page_as(ada).get(reverse("messaging:list")).content.decode()
    assert page.count("</span>Einkaufen, seit Dienstag, 3. März") == 2
    assert page.count("</span>Vorlesen</span>") == 1
