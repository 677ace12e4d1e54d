"""Every address of the site; each app names its own below its prefix."""

from typing import NoReturn

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.urls import include, path

from kpm.views.people import OwnPasswordView
from registry.accounts.login import CacheClearingLogoutView, FormKeepingLoginView


def page_not_found(request: HttpRequest, **address: str) -> NoReturn:
    """Raise Http404 for any address."""
    raise Http404


urlpatterns = [
    path("accounts/login/", FormKeepingLoginView.as_view(), name="login"),
    path("accounts/password/", OwnPasswordView.as_view(), name="password_change"),
    path("accounts/logout/", CacheClearingLogoutView.as_view(), name="logout"),
    # "View on site", which no table here offers: Django answers a wrong id with a 500.
    path("admin/r/<path:content_type_id>/<path:object_id>/", page_not_found),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/v1/", include("registry.api.urls")),
    path("", include("registry.urls")),
    path("", include("kpm.urls")),
    path("", include("dashboard.urls")),
]

handler500 = "kpm.views.outage.answer_failure"
