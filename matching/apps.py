from django.apps import AppConfig
from django.db.models.signals import post_migrate


class MatchingConfig(AppConfig):
    """Requests, matches, and the matcher's picture of the volunteers."""

    name = "matching"

    def ready(self) -> None:
        from accounts import known
        from accounts.signals import block_changed, capacity_wanted, sessions_cut, suspension_moved
        from matching import overview, receivers, signals  # models are only ready now
        from matching.calls import sources

        known.COUNTS.append(overview.known_pairs)
        post_migrate.connect(receivers.make_triggers, sender=self, dispatch_uid="matching.make_triggers")
        block_changed.connect(receivers.hear_block_changed, dispatch_uid="matching.part_pairs")
        capacity_wanted.connect(receivers.hear_capacity_wanted, dispatch_uid="matching.make_room")
        sessions_cut.connect(receivers.hear_sessions_cut, dispatch_uid="matching.end_calendar_feed")
        suspension_moved.connect(receivers.hear_suspension_moved, dispatch_uid="matching.let_suspended_go")
        signals.match_moved.connect(receivers.hear_match_moved, dispatch_uid="matching.next_wave")
        sources.register()
