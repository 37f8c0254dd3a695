"""The code word of a match: two plain words, new each time, read by the two and the office, gone at the end."""

import pytest
from django.utils import timezone

from matching import actions, code_words
from matching.models import Match
from tests.people import a_match, a_request, a_volunteer

SOUNDS_BAD = ("kuh", "ziege", "esel", "affe", "schwein", "gans", "schlange", "ratte", "krähe", "geier", "pflaume",
              "birne", "meise", "rabe", "weide", "eibe", "flasche", "pfeife", "grab", "sarg", "kreuz", "messer",
              "korb", "gurke", "feige", "iltis", "dachs", "schaf", "tod", "blut", "brand", "feuer")  # fmt: skip


def confirmed(request=None, volunteer=None) -> Match:
    match = a_match(request or a_request(now=timezone.now()), volunteer, state="accepted")
    return actions.confirm_match(match_id=match.pk, by=match.resident, now=timezone.now())


def test_there_are_over_two_thousand_pairs_of_different_words():
    assert len(set(code_words.LIVING)) == len(code_words.LIVING)
    assert not set(code_words.LIVING) & set(code_words.THINGS)
    assert len(code_words.LIVING) * len(set(code_words.THINGS)) > 2000


@pytest.mark.parametrize("word", code_words.LIVING + code_words.THINGS)
def test_every_word_is_short_one_word_and_not_on_the_list_of_bad_ones(word):
    assert word.isalpha()
    assert word[0].isupper()
    assert 3 <= len(word) <= 10
    assert word.lower() not in SOUNDS_BAD


def test_a_confirmed_match_gets_two_words(ada, ben):
    first, second = confirmed().code_word.split()
    assert first in code_words.LIVING
    assert second in code_words.THINGS


def test_no_word_comes_again_for_either_of_the_two(ada, ben, monkeypatch):
    monkeypatch.setattr(code_words, "LIVING", ("Amsel", "Tanne"))
    monkeypatch.setattr(code_words, "THINGS", ("Brücke",))
    words = {confirmed().code_word, confirmed(volunteer=a_volunteer("Nils")).code_word}
    assert words == {"Amsel Brücke", "Tanne Brücke"}


def test_when_every_word_was_used_there_still_is_one(ada, ben, monkeypatch):
    monkeypatch.setattr(code_words, "LIVING", ("Amsel",))
    monkeypatch.setattr(code_words, "THINGS", ("Brücke",))
    confirmed()
    assert confirmed(volunteer=a_volunteer("Nils")).code_word == "Amsel Brücke"


@pytest.mark.parametrize("state", ["proposed", "asked", "accepted", "ended", "completed"])
def test_it_opens_no_door_before_and_after(state, ada, ben):
    match = a_match(state=state)
    match.code_word = "Amsel Brücke"
    assert match.door_word == ""


def test_the_two_and_the_office_read_it_and_nobody_else(page_as, ada, ben, cleo, dora):
    match = confirmed()
    for person in (ada, ben):
        assert match.code_word in page_as(person).get(f"/vermittlung/{match.pk}/").content.decode()
    assert match.code_word in page_as(cleo).get(f"/buero/bitte/{match.request_id}/").content.decode()
    assert page_as(dora).get(f"/vermittlung/{match.pk}/").status_code == 404


def test_the_word_leaves_the_pages_with_the_end(page_as, ada, ben):
    match = confirmed()
    actions.end_match(match_id=match.pk, by=ada, now=timezone.now())
    for person in (ada, ben):
        assert match.code_word not in page_as(person).get(f"/vermittlung/{match.pk}/").content.decode()
