"""An officer's own second factor: setting up, removing, recovery codes. The steps are django-allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import decrypt, encrypt, is_mfa_enabled
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.cache import never_cache

from registry.access.decorators import user_of
from registry.accounts.second_factor import (
    forget_session_verified,
    has_second_factor,
    mark_code_used,
    mark_session_verified,
    may_have_second_factor,
    needs_second_factor,
)
from registry.actions.second_factor import log_factor_added, remove_factor
from registry.models import User

_PENDING_SECRET = "mfa.totp.secret"  # noqa: S105  # where allauth keeps, in the session, what is not set up yet


class OfficerMixin(View):
    """A page about one's own second factor; it does not exist for those who need none."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask a visitor to sign in first, without carrying a password or code that was typed."""
        if not request.user.is_authenticated:
            if request.method != "POST":
                return redirect_to_login(request.get_full_path())
            context = {"form": AuthenticationForm(request), "next": request.path}
            return render(request, "registration/login.html", context, status=401)
        if not may_have_second_factor(user_of(request)):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = user_of(self.request)
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        has_factor = has_second_factor(user)
        is_first = needs_second_factor(user) and not has_factor
        return context | {"has_factor": has_factor, "is_first": is_first}


class PasswordAgainView(OfficerMixin, ReauthenticateView):
    """Asks for the password before something of the account's security changes."""


@method_decorator(never_cache, name="dispatch")
class SecurityView(OfficerMixin, IndexView):
    """Shows one's own factors."""


@method_decorator(never_cache, name="dispatch")
class SetUpAppView(OfficerMixin, ActivateTOTPView):
    """Sets up an app that shows codes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Keep the secret sealed between the page and the first code."""
        if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_index")
        if pending := request.session.get(_PENDING_SECRET):
            request.session[_PENDING_SECRET] = decrypt(pending)
        answer = super().dispatch(request, *args, **kwargs)
        if pending := request.session.get(_PENDING_SECRET):
            request.session[_PENDING_SECRET] = encrypt(pending)
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        factor = Authenticator.objects.get(user=user_of(self.request), type=Authenticator.Type.TOTP)
        mark_code_used(factor, form.cleaned_data["code"])
        _note_added(self.request, Authenticator.Type.TOTP)
        return answer


@method_decorator(never_cache, name="dispatch")
class AddPasskeyView(OfficerMixin, AddWebAuthnView):
    """Adds a passkey or a security key."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _note_added(self.request, Authenticator.Type.WEBAUTHN)
        return answer


@method_decorator(reauthentication_required(app="allauth.mfa"), name="post")
class RemoveFactorView(OfficerMixin):
    """Removes the app or a passkey; the password page before it is where one may still turn back."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        user, number = user_of(request), request.POST.get("factor", "")
        if number.isascii() and number.isdigit() and len(number) < 19 and remove_factor(user, int(number)):
            messages.success(request, _("Langkah kedua itu sudah dihapus."))
            if not has_second_factor(user):
                forget_session_verified(request)
        return redirect("mfa_index")


class RecoveryCodesView(OfficerMixin, ViewRecoveryCodesView):
    """Shows the recovery codes, once."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if isinstance(user, User) and may_have_second_factor(user) and not has_second_factor(user):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class NewRecoveryCodesView(OfficerMixin, GenerateRecoveryCodesView):
    """Makes new recovery codes, which end the old ones."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        log_factor_added(user_of(self.request), Authenticator.Type.RECOVERY_CODES)
        return answer


def _note_added(request: HttpRequest, factor_type: str) -> None:
    mark_session_verified(request)
    log_factor_added(user_of(request), factor_type)
