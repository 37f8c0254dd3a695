"""Finding people by a few letters."""

import pytest

from accounts import search
from accounts.actions.people import create_person
from accounts.models import User
from tests import people
from tests.people import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def mueller(cleo):
    return create_person(
        by=cleo, now=NOW, quarter=cleo.quarter, first_name="Jürgen", last_name="Müller-Groß", phone="0214 / 70 71 72"
    )


@pytest.mark.parametrize(
    "typed",
    ["müller", "Mueller", "muller", "MÜL", "jur", "juergen mü", "gross", "groß", "Müller Jürgen", "mueller-gross",
     "0214 70 71", "+49 214 7071", "0049 214", "717", "  müller  "],
)  # fmt: skip
def test_umlauts_prefixes_and_digits_are_forgiven(cleo, mueller, typed):
    assert list(search.find_people(cleo, typed)) == [mueller]


@pytest.mark.parametrize(
    "typed", ["üller", "Maier", "999", "%", "_", "müller meier", "\x00müllr", "\ud800", "x" * 5000, "'"]
)
def test_what_does_not_begin_so_is_not_found_and_nothing_breaks(cleo, mueller, typed):
    assert mueller not in list(search.find_people(cleo, typed)) or not typed.strip("%_'\ud800")


@pytest.mark.parametrize(
    "typed",
    ["Mülller", "Muler", "Müeller", "Mulelr", "Jürgne", "Jürgn Müller", "Lindenstraße", "lindenstr 1", "Lindenstraße 1",
     "lindnstraße", "Müller Linden", "gros", "0214 707", "Linden Mülle"],
)  # fmt: skip
def test_a_caller_is_found_by_name_street_and_number_one_slip_forgiven(cleo, mueller, typed):
    User.objects.filter(pk=mueller.pk).update(place=people.a_place(mueller.quarter))
    assert mueller in search.look_for(cleo, typed, most=10)


@pytest.mark.parametrize(
    "typed", ["Möllner", "Maler", "Lindenstraße 7", "Gartenweg", "straße", "", "x", "%", "\x00", "9"]
)
def test_two_slips_another_house_and_nonsense_find_nobody(cleo, mueller, typed):
    User.objects.filter(pk=mueller.pk).update(place=people.a_place(mueller.quarter))
    assert mueller not in search.look_for(cleo, typed, most=10)


def test_slips_come_after_those_who_are_really_called_so(cleo, mueller):
    about = {"first_name": "Ida", "last_name": "Mueler", "channel": "letter"}
    maler = create_person(by=cleo, now=NOW, quarter=cleo.quarter, **about)
    assert search.look_for(cleo, "Mueler", most=10) == [maler, mueller]


def test_looking_for_a_caller_costs_two_queries_and_stays_in_the_quarter(cleo, mueller, django_assert_max_num_queries):
    far = people.a_person("Jürgen", people.a_quarter("Fern", west=7.2))
    User.objects.filter(pk=far.pk).update(search_key=search.key(far))
    with django_assert_max_num_queries(3):
        assert search.look_for(cleo, "Jurgn", most=10) == [mueller]


def test_nothing_typed_gives_everybody_of_the_quarter(cleo, ada, mueller):
    assert set(search.find_people(cleo, "")) == {cleo, ada, mueller}


def test_people_of_other_quarters_are_never_found(cleo, mueller):
    far = people.a_person("Jürgen", people.a_quarter("Fern", west=7.2))
    User.objects.filter(pk=far.pk).update(search_key=search.key(far))
    assert list(search.find_people(cleo, "jürgen")) == [mueller]


def test_who_works_nowhere_finds_nobody(ada, mueller):
    assert not search.find_people(ada, "müller").exists()


def test_the_longest_name_still_fits_its_column():
    assert len(search.key(User(first_name="ü" * 60, last_name="ä" * 60, phone="+49214123456"))) <= 300


def test_visible_to_is_oneself_and_for_a_worker_their_quarter(ada, cleo, dora):
    far = people.a_person("Fritz", people.a_quarter("Fern", west=7.2))
    assert list(User.objects.visible_to(ada)) == [ada]
    assert set(User.objects.visible_to(cleo)) == {ada, cleo, dora}
    assert far not in User.objects.visible_to(cleo)


def test_visible_to_somebody_not_logged_in_is_nobody(ada):
    from django.contrib.auth.models import AnonymousUser

    assert not User.objects.visible_to(AnonymousUser()).exists()
