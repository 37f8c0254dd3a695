from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from allauth.account import signals as allauth
        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from accounts.signals import access_changed, block_changed
        from matching import rules as pairs
        from matching import signals
        from matching.calls import registry as calls
        from matching.desk import queues, talks
        from matching.models import Appointment, CheckIn, Match, Series
        from messaging import news, receivers, rules
        from messaging.desk import lines, spared, unreached

        pairs.RESTS.append(rules.resting)
        queues.add(lines.REPORTS)
        unreached.register()
        calls.SPARES.append(spared.SPARES)
        talks.describe_with(lines.describe_talks)
        signals.match_moved.connect(receivers.hear_match_moved, dispatch_uid="messaging.match_moved")
        signals.appointment_moved.connect(receivers.hear_appointment_moved, dispatch_uid="messaging.appointment_moved")
        access_changed.connect(receivers.hear_access_changed, dispatch_uid="messaging.access_changed")
        block_changed.connect(receivers.hear_block_changed, dispatch_uid="messaging.block_changed")
        for changed in (allauth.password_set, allauth.password_changed, allauth.password_reset):
            changed.connect(receivers.hear_password_changed, dispatch_uid="messaging.password_changed")
        signals.series_moved.connect(receivers.hear_series_moved, dispatch_uid="messaging.series_moved")
        for sender, hear in (
            (Match, news.hear_match),
            (Appointment, news.hear_appointment),
            (Series, news.hear_series),
            (CheckIn, news.hear_check_ins),
        ):
            signals.moving.connect(hear, sender=sender, dispatch_uid=f"messaging.news.{sender.__name__}")
        # Sessions are Django's and end in many places; only the row's deletion tells of all of them.
        post_delete.connect(receivers.hear_session_ended, sender=Session, dispatch_uid="messaging.session_ended")
