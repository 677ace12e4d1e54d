"""The page of a village for everybody, off until somebody switches it on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpm.community import describe_village, draw_qr_code
from registry.access.decorators import roles_required, user_of
from registry.access.loaders import get_village_or_404, list_villages
from registry.actions.community_page import MAY_PUBLISH, switch_community_page
from registry.models import Village


@require_safe
def community(request: HttpRequest, code: str) -> HttpResponse:
    """Show a few figures of a village to everybody; 404 where it has no such page."""
    shown = Village.objects.filter(has_community_page=True).select_related("kecamatan")
    village = get_village_or_404(shown, code)
    address = request.build_absolute_uri(reverse("kpm:community", args=[village.pk]))
    context = {"page": describe_village(village), "address": address, "qr_code": draw_qr_code(address)}
    answer = render(request, "kpm/community.html", context)
    answer["Cache-Control"] = "public, max-age=600"
    return answer


@roles_required(*MAY_PUBLISH)
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Show the page of a village to everybody, or to nobody."""
    is_public = request.POST.get("public") == "1"
    user = user_of(request)
    known = get_village_or_404(list_villages(user), code)
    village = switch_community_page(by=user, village_code=known.pk, is_public=is_public)
    on, off = _("Halaman warga sekarang terbuka untuk umum."), _("Halaman warga sekarang tertutup.")
    messages.success(request, on if is_public else off)
    return redirect(f"{reverse('kpm:reminders')}?village={village.pk}")
