"""Passwords: one's own, and those of the people an officer looks after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.term_history import role_history
from registry.access.decorators import roles_required, user_of
from registry.access.loaders import get_or_404
from registry.access.people_below import RENEWING_ROLES, list_people_below
from registry.access.periods import period_words
from registry.accounts.login import FormKeepingMixin
from registry.accounts.password_form import OwnPasswordForm
from registry.actions.passwords import change_own_password, renew_password
from registry.models import Membership, User


class OwnPasswordView(FormKeepingMixin, PasswordChangeView):
    """Changes one's own password; other sessions and all tokens end, this one goes on."""

    form_class = OwnPasswordForm
    template_name = "registration/password_change.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"is_first": user_of(self.request).must_change_password}

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Ask a visitor to sign in first, without carrying the passwords that were typed."""
        if request.user.is_authenticated or request.method != "POST":
            return super().dispatch(request, *args, **kwargs)
        context = {"form": AuthenticationForm(request), "next": request.path}
        return render(request, "registration/login.html", context, status=401)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        change_own_password(form.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, form.user)
        messages.success(self.request, _("Kata sandi Anda sudah diganti."))
        return self.send_again_page() or super(PasswordChangeView, self).form_valid(form)

    def get_success_url(self) -> str:
        return self.get_redirect_url() or reverse("home")


@roles_required(*RENEWING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Show whose password the user may renew, those whose name or place has the posted ``q`` in it."""
    words = " ".join(request.POST.get("q", "").split())[:60]
    held = Membership.objects.select_related("village__kecamatan", "puskesmas", "kecamatan", "district")
    found = list_people_below(user_of(request)).prefetch_related(Prefetch("memberships", queryset=held))
    if words:
        found = found.filter(
            Q(username__icontains=words)
            | Q(full_name__icontains=words)
            | Q(memberships__village__name__icontains=words)
        ).distinct()
    # What is searched stands in no address, so what it finds is one page.
    pages = Paginator(found.order_by("full_name", "username"), 500 if words else 50)
    page = pages.get_page(request.GET.get("page"))
    today = timezone.localdate()
    posts = [[(one, period_words(one, today)) for one in person.memberships.all()] for person in page]
    context = {"page": page, "rows": zip(page, posts, strict=True), "words": words}
    return render(request, "kpm/people.html", context)


@roles_required(*RENEWING_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask, then renew the password of one of them and show it once."""
    person = get_or_404(list_people_below(user_of(request)), pk=user_id)
    if request.method != "POST":
        context = {"person": person, "role_changes": role_history(person.pk)}
        return render(request, "kpm/password_renew.html", context)
    return first_password_page(request, *renew_password(by=user_of(request), user_id=person.pk))


def first_password_page(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Return the page that shows a first password, which no browser keeps."""
    page = render(request, "kpm/password_shown.html", {"person": person, "password": password})
    add_never_cache_headers(page)
    page["Cache-Control"] = "private, no-store"
    return page
