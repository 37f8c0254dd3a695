from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    """People, their roles, what volunteers offer."""

    name = "accounts"

    def ready(self) -> None:
        from allauth.account.signals import email_changed, password_changed, password_reset, password_set
        from allauth.mfa.signals import authenticator_added

        from accounts import receivers  # models are only ready now

        post_migrate.connect(receivers.fill_skills, sender=self, dispatch_uid="accounts.fill_skills")
        pre_migrate.connect(receivers.drop_triggers, sender=self, dispatch_uid="accounts.drop_triggers")
        post_migrate.connect(receivers.make_triggers, sender=self, dispatch_uid="accounts.make_triggers")
        user_logged_in.connect(receivers.note_epoch, dispatch_uid="accounts.note_epoch")
        authenticator_added.connect(receivers.note_first_use, dispatch_uid="accounts.note_first_use")
        email_changed.connect(receivers.note_new_email, dispatch_uid="accounts.email_changed")
        password_changed.connect(receivers.note_new_password, dispatch_uid="accounts.password_changed")
        password_set.connect(receivers.note_new_password, dispatch_uid="accounts.password_set")
        password_reset.connect(receivers.note_new_password, dispatch_uid="accounts.password_reset")
