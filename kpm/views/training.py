"""For the steering officers: which cadre lacks what, and who is called to the next event."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kpm.event_actions import invite_cadres
from kpm.exports_staff import training_needs_list
from kpm.forms.event import InvitationForm
from kpm.forms.fields import submit
from kpm.models import Event
from kpm.training import NEED_WORDS, TrainingNeed, training_needs
from registry.access.decorators import officers_required, user_of
from registry.access.loaders import get_or_404, list_villages
from registry.exports.response import export_response
from registry.models import Kecamatan, Role


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest) -> HttpResponse:
    """Show who lacks what, of ``?kecamatan=CODE`` and ``?need=``, or all; call those ticked to an event."""
    user, today = user_of(request), timezone.localdate()
    mine = Kecamatan.objects.filter(villages__in=list_villages(user)).distinct().order_by("name")
    chosen = request.GET.get("kecamatan", "")
    if chosen:
        get_or_404(mine, pk=chosen)
    need = next((one for one in TrainingNeed if one == request.GET.get("need")), None)
    everyone = training_needs(user=user, on=today, kecamatan=chosen)
    found = [one for one in everyone if need is None or need in one.needs]
    filtered_by = "-".join(filter(None, (chosen, need)))
    if file := export_response(
        request, {"training-needs": lambda: training_needs_list(found, today, filtered_by)}
    ):
        return file
    coming = Event.objects.filter(village=None, date__gte=today).order_by("date")
    may_invite = user.has_role(Role.DISTRICT, Role.ADMIN)
    form = InvitationForm(request.POST or None, events=coming, cadres=[one.cadre for one in found])
    if may_invite and (event := submit(form, lambda: invite_cadres(by=user, **form.cleaned_data))):
        count = event.invited.count()
        words = ngettext("%(count)d KPM diundang.", "%(count)d KPM diundang.", count)
        messages.success(request, words % {"count": count})
        return redirect("kpm:event", event.pk)
    counts = [(one, NEED_WORDS[one], sum(one in cadre.needs for cadre in everyone)) for one in TrainingNeed]
    context: dict[str, object] = {"found": found, "kecamatan": mine, "chosen": chosen, "form": form}
    context |= {"need": need, "counts": counts, "everyone": len(everyone)}
    place = f"kecamatan={chosen}&" if chosen else ""
    context |= {"place": place, "query": f"{place}need={need}&" if need else place}
    context["may_invite"] = may_invite and bool(coming)
    return render(request, "kpm/training_needs.html", context, status=422 if form.errors else 200)
