from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpmConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "kpm"
    verbose_name = _("Kader pembangunan manusia")
