from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """The register itself: places, children, measurements and the figures made of them."""

    default_auto_field = "django.db.models.BigAutoField"
    name = "registry"
    verbose_name = _("Register gizi balita")

    def ready(self) -> None:
        """Register the system checks."""
        from registry import checks  # noqa: F401
