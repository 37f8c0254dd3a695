"""The list of everyday skills."""

import pytest
from django.utils import translation

from accounts import skills
from accounts.actions.skills import load_skills
from accounts.models import Skill

pytestmark = pytest.mark.django_db


def test_a_fresh_database_has_about_forty_skills_in_ten_groups():
    assert 38 <= skills.offered().count() <= 46
    assert len(skills.in_groups()) == 10


def test_loading_twice_changes_nothing():
    before = list(Skill.objects.values())
    load_skills()
    assert list(Skill.objects.values()) == before


def test_each_skill_has_both_names_a_hint_and_a_known_group():
    for skill in Skill.objects.all():
        assert all((skill.name_de, skill.name_en, skill.hint_de, skill.hint_en, skill.icon))
        assert skill.group in skills.GROUPS or (skill.group == skills.NEVER and skill.never_brokered)


def test_what_is_never_brokered_is_not_offered_but_says_whom_to_call():
    refused = {skill.slug for skill in skills.refused()}
    assert {"pflege", "medikamente", "bankkarte", "hoehe", "elektrik"} <= refused
    assert not refused & {skill.slug for _title, members in skills.in_groups() for skill in members}


def test_names_follow_the_language():
    skill = Skill.objects.get(slug="einkaufen")
    with translation.override("en"):
        assert skills.name(skill) == "Shopping"
    with translation.override("de"):
        assert skills.name(skill) == "Einkaufen"


def test_what_minors_may_never_includes_driving_papers_or_care():
    groups = set(Skill.objects.filter(minors_may=True).values_list("group", flat=True))
    assert not groups & {"papier", "kinder", "technik", skills.NEVER}
    assert not Skill.objects.get(slug="fahren").minors_may
