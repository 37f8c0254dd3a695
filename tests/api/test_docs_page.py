"""The page that shows the schema works under our content policy and asks nobody else."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_everybody_can_read_the_api_in_a_browser(chromium, server):
    page = chromium.new_page()
    hosts, complaints = set(), []
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{server.address}/api/v1/docs/")
    page.locator(".opblock-summary").first.wait_for(timeout=30_000)
    assert page.locator(".opblock").count() > 50
    assert hosts == {server.address.split("/")[2]}
    assert complaints == []
    page.close()
