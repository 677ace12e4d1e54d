"""For the steering officers: who is KPM where, and which villages have none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kpm.exports_staff import appointed_list, vacant_list
from kpm.figures import appointments
from registry.access.decorators import officers_required, user_of
from registry.access.loaders import get_or_404, list_villages
from registry.exports.response import export_response
from registry.models import Kecamatan, Role


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def cadres(request: HttpRequest) -> HttpResponse:
    """Show the appointments of today, of ``?kecamatan=CODE`` or of the whole area."""
    mine = Kecamatan.objects.filter(villages__in=list_villages(user_of(request))).distinct().order_by("name")
    chosen = request.GET.get("kecamatan", "")
    if chosen:
        get_or_404(mine, pk=chosen)
    found = appointments(user=user_of(request), on=timezone.localdate(), kecamatan=chosen or None)
    lists = {
        "appointed": lambda: appointed_list(found, chosen),
        "vacant": lambda: vacant_list(found, chosen),
    }
    if file := export_response(request, lists):
        return file
    query = f"kecamatan={chosen}&" if chosen else ""
    may_open = user_of(request).has_role(Role.DISTRICT, Role.ADMIN)
    context = {"found": found, "kecamatan": mine, "chosen": chosen, "query": query}
    return render(request, "kpm/cadres.html", context | {"may_open_outbox": may_open})
