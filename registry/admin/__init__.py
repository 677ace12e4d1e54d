"""Every table of the register in Django's admin, for the administrator. One file a concept.

The admin sets up places, people and targets. What was measured is only looked at here: children and
measurements change through ``registry.actions``, figures through ``registry.figures``.
"""

import allauth.account.admin
import allauth.mfa.admin
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from registry.admin import access, change_log, child, files, measurement, month, place, target  # noqa: F401

# Second factors are set up by their owner and taken away by an action of users. No mail is sent.
admin.site.unregister([allauth.mfa.admin.Authenticator, allauth.account.admin.EmailAddress])
if admin.site.is_registered(allauth.account.admin.EmailConfirmation):
    admin.site.unregister(allauth.account.admin.EmailConfirmation)

admin.site.site_header = _("Register gizi balita Cilacap: pengaturan")
admin.site.site_title = _("Pengaturan register")
admin.site.index_title = _("Apa yang ingin diatur?")
