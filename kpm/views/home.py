"""Where signing in leads: to the work of the role."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from kpm.navigation import OFFICERS, WITH_CHILDREN
from registry.access.decorators import user_of
from registry.access.periods import find_user_period


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead those who measure to the roster, officers to the figures, others to a page that says why."""
    user = user_of(request)
    if user.has_role(*WITH_CHILDREN):
        return redirect("kpm:roster")
    if user.has_role(*OFFICERS):
        return redirect("dashboard:district")
    context = {"has_role": bool(user.roles), "period": find_user_period(user)}
    return render(request, "kpm/home.html", context)
