from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The house itself: settings, addresses, and the commands that start it."""

    name = "config"

    def ready(self) -> None:
        from config import checks, receivers  # noqa: F401  (checks register themselves)
        from matching import signals

        signals.round_wanted.connect(receivers.hear_round_wanted, dispatch_uid="config.round_wanted")
        for news in (signals.request_moved, signals.match_moved):
            news.connect(receivers.hear_something_changed, dispatch_uid="config.something_changed")
