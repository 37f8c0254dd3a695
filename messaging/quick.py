"""Short sentences one tap sends, in the writer's language."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "on_my_way": _("Ich bin unterwegs."),
    "late": _("Ich bin fünf Minuten später da."),
    "call": _("Können wir kurz telefonieren?"),
    "thanks": _("Vielen Dank."),
}
