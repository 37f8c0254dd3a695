from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The house itself: settings, addresses, and the commands that start it."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401  (registers itself)
