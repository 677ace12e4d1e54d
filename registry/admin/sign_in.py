"""The admin has no way in of its own: the site's sign-in asks for the second factor as well."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def lead_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Lead to the site's sign-in and back. Raises PermissionDenied for a user who is signed in already."""
    if request.user.is_authenticated:
        raise PermissionDenied
    address = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure())
    return redirect_to_login(address if is_ours else reverse("admin:index"))
