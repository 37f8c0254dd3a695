"""A style sheet that set-up could not fetch costs its look, never the page."""

from config.static import HonestManifestStorage


def test_a_file_that_was_never_collected_keeps_its_plain_address(tmp_path):
    storage = HonestManifestStorage(location=str(tmp_path), base_url="/static/")
    assert storage.url("kern/kern.min.css") == "/static/kern/kern.min.css"
