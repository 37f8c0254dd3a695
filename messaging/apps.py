from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"

    def ready(self) -> None:
        from django.contrib.sessions.models import Session
        from django.db.models.signals import post_delete

        from messaging import receivers

        # Sessions are Django's and end in many places; only the row's deletion tells of all of them.
        post_delete.connect(receivers.hear_session_ended, sender=Session, dispatch_uid="messaging.session_ended")
