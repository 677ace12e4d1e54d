"""For the steering officers: who is KPM where, and which villages have none."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from kpm.access import officers_required, one_or_404, villages_for
from kpm.figures import appointments
from registry.models import Kecamatan
from registry.pages import user_of


@officers_required
@require_safe
def cadres(request: HttpRequest) -> HttpResponse:
    """Appointments today, of ``?kecamatan=CODE`` or of the whole area."""
    mine = Kecamatan.objects.filter(villages__in=villages_for(request)).distinct().order_by("name")
    chosen = request.GET.get("kecamatan", "")
    if chosen:
        one_or_404(mine, pk=chosen)
    found = appointments(user=user_of(request), on=timezone.localdate(), kecamatan=chosen or None)
    return render(request, "kpm/cadres.html", {"found": found, "kecamatan": mine, "chosen": chosen})
