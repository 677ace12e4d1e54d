from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """The register itself: places, children, measurements and the figures made of them."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "registry"
    verbose_name = _("Register gizi balita")

    def ready(self) -> None:
        """Register the system checks, and let no crash print values of people."""
        from registry import checks  # noqa: F401
        from registry.observability.log_lines import log_crashes

        if not settings.DEBUG:
            log_crashes()
