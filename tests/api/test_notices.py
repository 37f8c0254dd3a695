"""What I was told, marked as seen on every device, and how I want to be told."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from matching import actions as matching
from messaging.actions import deliver_notices, tell
from messaging.models import Notice, NoticeWish
from tests.people import NOW, a_match, a_request

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=2)


def told(person: User, count: int = 1) -> list[Notice]:
    for number in range(count):
        tell([person.pk], kind="office", event=f"api:{person.pk}:{number}", now=NOW + timedelta(seconds=number))
    return list(Notice.objects.filter(person=person).order_by("-written_at"))


def test_i_read_what_i_was_told_in_pages_and_nobody_elses(ada, ben, door):
    mine = told(ada, 3)
    told(ben)
    me = door(ada)
    first = me.get("me/notices/?limit=2")
    assert [row["id"] for row in first["results"]] == [str(row.pk) for row in mine[:2]]
    rest = me.get(first["next"].split("/api/v1/")[1])
    assert [row["id"] for row in rest["results"]] == [str(mine[2].pk)]
    assert rest["next"] is None


def test_a_notice_says_that_something_waits_and_where_and_no_more(ada, ben, door):
    match = a_match(a_request(ada, description="Bitte Milch mitbringen"), ben)
    matching.release_match(match_id=match.pk, by=None, now=NOW)
    deliver_notices(now=SOON)
    [row] = door(ben).get("me/notices/")["results"]
    assert row["page"] == f"/vermittlung/{match.pk}/"
    assert (row["state"], row["ways"], row["seen_at"]) == ("sent", ["mail"], None)
    assert set(row) == {
        *("id", "kind", "says", "page", "urgent", "state", "ways", "written_at", "told_at", "reached_at", "seen_at")
    }
    assert "Milch" not in str(row)
    assert "Ada" not in str(row)


def test_the_sentence_follows_the_language_of_the_app(ada, door):
    told(ada)
    [row] = door(ada).get("me/notices/", **{"Accept-Language": "en"})["results"]
    assert row["says"].startswith("Your quarter office")


def test_what_i_have_seen_needs_no_telling(ada, door):
    seen, other = told(ada, 2)
    me = door(ada)
    assert me.post("me/notices/seen/", {"ids": [str(seen.pk)]}) == {"seen": 1}
    assert me.post("me/notices/seen/", {"ids": [str(seen.pk)]}) == {"seen": 0}
    states = {row["id"]: (row["state"], bool(row["seen_at"])) for row in me.get("me/notices/")["results"]}
    assert states == {str(seen.pk): ("seen", True), str(other.pk): ("waiting", False)}
    assert deliver_notices(now=SOON) == 1
    assert len(mail.outbox) == 1


def test_without_keys_all_are_seen_and_what_went_out_keeps_its_state(ada, door):
    told(ada, 2)
    deliver_notices(now=SOON)
    told(ada, 3)
    assert door(ada).post("me/notices/seen/") == {"seen": 3}
    assert sorted(Notice.objects.values_list("state", flat=True)) == ["seen", "sent", "sent"]


def test_somebody_elses_is_passed_over_without_a_word(ada, ben, door):
    [theirs] = told(ben)
    assert door(ada).post("me/notices/seen/", {"ids": [str(theirs.pk)]}) == {"seen": 0}
    theirs.refresh_from_db()
    assert (theirs.state, theirs.seen_at) == ("waiting", None)


@pytest.mark.parametrize("ids", [[], ["x"], "x", [None], ["00000000-0000-4000-8000-000000000000"] * 101, {"a": 1}])
def test_keys_that_are_none_are_a_400(ids, ada, door):
    me = door(ada)
    me.post("me/notices/seen/", {"ids": ids})
    assert me.status == 400
    assert "ids" in me.said["fields"] or any(name.startswith("ids") for name in me.said["fields"])


# --- wishes ----------
def test_wishes_show_each_topic_with_its_way_and_what_may_be_chosen(ada, door):
    said = door(ada).get("me/wishes/")
    ways = {row["topic"]: (row["way"], row["choices"]) for row in said["topics"]}
    assert ways["asked"] == ("mail", ["mail", "letter"])
    assert ways["thanks"] == ("mail", ["mail", "letter", "none"])
    assert (said["quiet_from"], said["quiet_until"], said["digest"]) == ("20:00", "08:00", False)


def test_a_change_leaves_the_rest_as_it_was(ada, door):
    NoticeWish.objects.create(person=ada, ways={"thanks": "none"}, digest=True)
    said = door(ada).patch("me/wishes/", {"ways": {"message": "none"}, "quiet_from": "22:30"})
    ways = {row["topic"]: row["way"] for row in said["topics"]}
    assert (ways["thanks"], ways["message"], ways["asked"]) == ("none", "none", "mail")
    assert (said["quiet_from"], said["quiet_until"], said["digest"]) == ("22:30", "08:00", True)


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"ways": {"asked": "none"}}, "ways"),  # must be heard
        ({"ways": {"asked": "sms"}}, "ways"),  # no way to them
        ({"ways": {"weather": "mail"}}, "ways"),
        ({"ways": ["mail"]}, "ways"),
        ({"quiet_from": "24:00"}, "quiet_from"),
        ({"quiet_from": 480}, "quiet_from"),
        ({"digest": "perhaps"}, "digest"),
        ({"colour": "red"}, "colour"),
        ({"push_key": "x"}, "push_key"),
    ],
)
def test_a_wish_that_cannot_be_is_a_400_with_its_field(wish, field, ada, door):
    me = door(ada)
    me.patch("me/wishes/", wish)
    assert me.status == 400
    assert field in me.said["fields"]
    assert not NoticeWish.objects.exists()
