"""The pages of the demo exist in the demo and nowhere else."""

import pytest
from django.core import mail
from django.core.mail.backends.filebased import EmailBackend
from django.test import Client

from config.demo import logins, post

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/demo/", "/demo/post/"])
def test_without_demo_there_is_nothing(settings, path):
    settings.DEMO = False
    assert Client().get(path).status_code == 404


def test_the_logins_are_shown_with_the_code_of_now(settings):
    settings.DEMO = True
    page = Client().get("/demo/").content.decode()
    for login in logins.LOGINS:
        assert login.email in page
        assert login.password in page
    assert logins.WORKER.code in page
    assert len(logins.WORKER.code) == 6
    assert logins.RESIDENT.code == ""


def test_the_post_shows_the_newest_first(settings, tmp_path):
    settings.DEMO, settings.DATA_DIR = True, tmp_path
    assert "Noch keine Post" in Client().get("/demo/post/").content.decode()
    (tmp_path / "mail").mkdir()
    box = EmailBackend(file_path=str(tmp_path / "mail"))
    box.send_messages(
        [mail.EmailMessage(f"Betreff {n}", f"Grüße <b>{n}</b>", "a@example.org", ["b@example.org"]) for n in (1, 2)]
    )
    page = Client().get("/demo/post/").content.decode()
    assert page.index("Betreff 2") < page.index("Betreff 1")
    assert "Grüße &lt;b&gt;2&lt;/b&gt;" in page
    assert [one.to for one in post.newest(tmp_path / "mail", limit=1)] == ["b@example.org"]
