from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """People, their roles, what volunteers offer."""

    name = "accounts"

    def ready(self) -> None:
        from accounts.receivers import fill_skills  # models are only ready now

        post_migrate.connect(fill_skills, sender=self, dispatch_uid="accounts.fill_skills")
