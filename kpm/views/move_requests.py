"""Moves that one village asks for and another answers."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kpm.models import MoveAnswer, MoveRequest
from kpm.move_request_actions import answer_move_request
from registry.access.decorators import people_required, user_of
from registry.access.loaders import get_or_404
from registry.access.reading import note_child
from registry.errors import Refused

ANSWERED_DAYS = 30
"""For so long an answer stays on the page."""


@people_required
@require_safe
def move_requests(request: HttpRequest) -> HttpResponse:
    """Show the children whom other villages hand over, those asked for here, and the last answers."""
    user = user_of(request)
    area, found = user.area(people=True), MoveRequest.objects.of_user(user)
    found = found.select_related(
        "child__posyandu", "from_village__kecamatan", "to_village__kecamatan", "by", "answered_by"
    )
    waiting = list(found.awaiting_answer())
    incoming = [one for one in waiting if area.has(one.to_village)]
    for one in incoming:
        note_child(one.child_id)
    recent = found.exclude(answer="").filter(answered_at__gte=timezone.now() - timedelta(days=ANSWERED_DAYS))
    context = {
        "incoming": incoming,
        "outgoing": [one for one in waiting if area.has(one.from_village)],
        "answered": list(recent.order_by("-answered_at")),
    }
    return render(request, "kpm/move_requests.html", context)


@people_required
@require_POST
def answer(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept, decline or withdraw one."""
    found = get_or_404(MoveRequest.objects.of_user(user_of(request)).select_related("child"), pk=request_id)
    name, village = found.child.name, found.to_village
    said = {
        MoveAnswer.ACCEPTED: _("%(name)s sekarang tercatat di %(village)s."),
        MoveAnswer.DECLINED: _("Ditolak. %(name)s tetap tercatat di desa asalnya."),
        MoveAnswer.WITHDRAWN: _("Permintaan pindah %(name)s ditarik kembali."),
    }
    typed = request.POST.get("answer", "")
    if typed not in MoveAnswer.values:
        messages.error(request, _("Pilih jawabannya: terima, tolak atau tarik kembali."))
        return redirect("kpm:move_requests")
    try:
        answer_move_request(by=user_of(request), request_id=found.pk, answer=MoveAnswer(typed))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, said[MoveAnswer(typed)] % {"name": name, "village": village})
    return redirect("kpm:move_requests")
