from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MatchingConfig(AppConfig):
    """Requests, matches, and the matcher's picture of the volunteers."""

    name = "matching"

    def ready(self) -> None:
        from accounts.signals import suspension_moved
        from matching import receivers, signals  # models are only ready now
        from matching.calls import sources

        post_migrate.connect(receivers.make_triggers, sender=self, dispatch_uid="matching.make_triggers")
        suspension_moved.connect(receivers.hear_suspension_moved, dispatch_uid="matching.let_suspended_go")
        signals.match_moved.connect(receivers.hear_match_moved, dispatch_uid="matching.next_wave")
        sources.register()
