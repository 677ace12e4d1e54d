"""Every address of the site; each app names its own below its prefix."""

from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path

from kpm.views import security
from kpm.views.people import OwnPasswordView
from registry.accounts.login import CacheClearingLogoutView, FormKeepingLoginView, SecondStepView
from registry.admin.sign_in import lead_to_sign_in


def page_not_found(request: HttpRequest, **address: str) -> NoReturn:
    """Raise Http404 for any address."""
    raise Http404


urlpatterns = [
    path("accounts/login/", FormKeepingLoginView.as_view(), name="login"),
    # The names are those that django-allauth looks for. Of its own addresses none is here.
    path("accounts/login/", FormKeepingLoginView.as_view(), name="account_login"),
    path("accounts/code/", SecondStepView.as_view(), name="mfa_authenticate"),
    path("accounts/password/again/", security.PasswordAgainView.as_view(), name="account_reauthenticate"),
    path("accounts/security/", security.SecurityView.as_view(), name="mfa_index"),
    path("accounts/security/app/", security.SetUpAppView.as_view(), name="mfa_activate_totp"),
    path("accounts/security/passkey/", security.AddPasskeyView.as_view(), name="mfa_add_webauthn"),
    path("accounts/security/remove/", security.RemoveFactorView.as_view(), name="remove_factor"),
    path("accounts/security/codes/", security.RecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "accounts/security/codes/new/",
        security.NewRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path("accounts/password/", OwnPasswordView.as_view(), name="password_change"),
    path("accounts/logout/", CacheClearingLogoutView.as_view(), name="logout"),
    # "View on site", which no table here offers: Django answers a wrong id with a 500.
    path("admin/r/<path:content_type_id>/<path:object_id>/", page_not_found),
    path("admin/login/", lead_to_sign_in),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("kpm.api_urls")),  # before the register's, which answer every other address
    path("api/v1/", include("registry.api.urls")),
    path("", include("registry.urls")),
    path("", include("kpm.urls")),
    path("", include("dashboard.urls")),
]

handler500 = "kpm.views.outage.answer_failure"
