"""From a confirmed match one click leads to its conversation."""

from django.urls import reverse

from messaging.models import Conversation
from tests import people


def test_the_two_get_there_and_a_stranger_meets_404(ada, ben, dora, page_as):
    talk = Conversation.objects.create(match=people.a_match(people.a_request(by=ada), ben, state="confirmed"))
    way = reverse("messaging:of_match", args=[talk.match_id])
    for person in (ada, ben):
        assert page_as(person).get(way)["Location"] == reverse("messaging:talk", args=[talk.pk])
    assert page_as(dora).get(way).status_code == 404
