"""Each component of `templates/components/` draws what its page hands it."""

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template

from matching import states
from tests import people


class Sample(forms.Form):
    street = forms.CharField(label="Straße", help_text="Mit Hausnummer")
    note = forms.CharField(label="Notiz", required=False, widget=forms.Textarea)
    when = forms.ChoiceField(label="Wann", choices=[("a", "heute"), ("b", "morgen")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(
        label="Tage", choices=[("1", "Mo"), ("2", "Di")], widget=forms.CheckboxSelectMultiple, required=False
    )
    agreed = forms.BooleanField(label="Einverstanden")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def draw(component: str, /, **context: object) -> str:
    arguments = " ".join(f"{key}={key}" for key in context)
    source = f'{{% include "components/{component}.html" with {arguments} only %}}'
    return Template(source).render(Context(context))


def test_button_is_a_link_where_it_leads_somewhere():
    assert draw("button", label="Weiter", href="/x/").startswith('<a href="/x/"')
    assert 'type="submit"' in draw("button", label="Weiter")


@pytest.mark.parametrize(
    ("kind", "css"),
    [("primary", "kern-btn--primary"), ("secondary", "kern-btn--secondary"), ("quiet", "kern-btn--tertiary")],
)
def test_button_wears_its_kind(kind, css):
    assert css in draw("button", label="Weiter", kind=kind)


def test_button_keeps_zero_as_a_value():
    assert 'value="0"' in draw("button", label="Nein", name="answer", value=0)


def test_labels_are_escaped():
    assert "<b>" not in draw("button", label="<b>fett</b>")
    assert "<b>" not in draw("badge", label="<b>fett</b>", tone="good")


def test_badge_says_its_tone_with_an_icon_and_a_word():
    html = draw("badge", label="Geprüft", tone="good")
    assert "#check" in html
    assert "Geprüft" in html


def test_icon_is_hidden_from_readers():
    assert 'aria-hidden="true"' in draw("icon", name="basket")


def test_field_ties_hint_and_error_to_its_input():
    form = Sample({})
    html = draw("field", field=form["street"])
    assert 'aria-describedby="id_street_helptext id_street_error"' in html
    assert 'id="id_street_helptext"' in html
    assert 'id="id_street_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_says_what_may_stay_empty():
    assert "(freiwillig)" in draw("field", field=Sample()["note"])
    assert "(freiwillig)" not in draw("field", field=Sample()["street"])


def test_field_takes_autocomplete_and_hint_from_the_page():
    html = draw("field", field=Sample()["note"], hint="Nichts über Krankheiten", autocomplete="off")
    assert 'autocomplete="off"' in html
    assert "Nichts über Krankheiten" in html
    assert 'aria-describedby="id_note_helptext"' in html


@pytest.mark.parametrize("name", ["when", "days"])
def test_choices_stand_in_a_fieldset_with_a_legend(name):
    html = draw("field", field=Sample()[name])
    assert "<fieldset" in html
    assert "<legend>" in html


def test_single_tick_has_one_label():
    assert draw("field", field=Sample()["agreed"]).count("<label") == 1


def test_hidden_field_is_only_an_input():
    assert "<label" not in draw("field", field=Sample()["secret"])


def test_whole_form_draws_with_our_fields():
    html = str(Sample({}))
    assert html.count('class="field wrong"') == 3
    assert 'role="alert"' in html
    assert 'href="#id_street"' in html


def test_form_without_errors_has_no_summary():
    assert draw("form_errors", form=Sample()).strip() == ""


def test_empty_state_says_what_to_do():
    html = draw("empty", title="Noch nichts", text="Hier kommt etwas.", action_href="/x/", action_label="Anfangen")
    assert "Anfangen" in html


def test_notice_has_a_tone_and_an_icon():
    html = draw("notice", tone="stop", title="Achtung", text="Bitte prüfen.")
    assert 'class="notice stop"' in html
    assert "#warning" in html


def test_pager_is_absent_on_a_single_page():
    assert draw("pager", page_obj=Paginator([1], 5).page(1)).strip() == ""


def test_pager_leads_both_ways_in_the_middle():
    html = draw("pager", page_obj=Paginator(range(30), 10).page(2))
    assert 'rel="prev"' in html
    assert 'rel="next"' in html


def test_steps_say_progress_in_words():
    html = draw("steps", current=2, total=5)
    assert "Schritt 2 von 5" in html
    assert '<progress value="2" max="5"' in html


@pytest.mark.django_db
def test_every_state_of_a_match_has_words():
    match = people.a_match()
    for state in states.MATCH_STATES:
        match.state = state
        for to in ("worker", "volunteer", "resident"):
            assert "Stand:" not in draw("state", thing=match, to=to)


@pytest.mark.django_db
def test_every_state_of_a_request_has_words():
    request = people.a_request()
    for state in states.REQUEST_STATES:
        request.state = state
        assert "Stand:" not in draw("state", thing=request)


@pytest.mark.django_db
def test_volunteer_never_reads_that_they_were_refused():
    match = people.a_match()
    match.state = states.REFUSED
    assert "Nicht zustande gekommen" in draw("state", thing=match, to="volunteer")
