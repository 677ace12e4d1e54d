"""For the steering officers: who is KPM where and until when; appointing and ending."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpm.actions import appoint_cadre, find_account, open_account, set_appointment_papers, set_term_end
from kpm.cadre_work import cadre_work
from kpm.exports_staff import appointed_list, ending_list, vacant_list
from kpm.figures import appointments, ending_terms, open_work
from kpm.forms.cadre import AppointmentForm, PapersChangeForm, TermEndForm
from kpm.forms.fields import submit
from kpm.models import Cadre
from kpm.term_history import role_history, term_history
from kpm.views.people import first_password_page
from registry.access.decorators import officers_required, roles_required, user_of
from registry.access.loaders import get_or_404, get_village_or_404, list_villages
from registry.access.people_below import list_people_below
from registry.access.periods import find_period
from registry.errors import Refused
from registry.exports.response import export_response
from registry.figures.quality import SEES_RECORDERS
from registry.models import Kecamatan, Membership, Role, Village


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def cadres(request: HttpRequest) -> HttpResponse:
    """Show the appointments of today, of ``?kecamatan=CODE`` or of the whole area."""
    user, today = user_of(request), timezone.localdate()
    mine = Kecamatan.objects.filter(villages__in=list_villages(user)).distinct().order_by("name")
    chosen = request.GET.get("kecamatan", "")
    if chosen:
        get_or_404(mine, pk=chosen)
    found = appointments(user=user, on=today, kecamatan=chosen or None)
    ending = ending_terms(found, user)
    lists = {
        "appointed": lambda: appointed_list(found, chosen),
        "vacant": lambda: vacant_list(found, chosen),
        "ending": lambda: ending_list(ending, today, chosen, found.lokus),
    }
    if file := export_response(request, lists):
        return file
    query = f"kecamatan={chosen}&" if chosen else ""
    of_district = user.has_role(Role.DISTRICT, Role.ADMIN)
    context = {"found": found, "ending": ending, "kecamatan": mine, "chosen": chosen, "query": query}
    return render(request, "kpm/cadres.html", context | {"of_district": of_district})


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint a KPM, of ``?village=CODE`` at first, then show what she takes over."""
    user = user_of(request)
    villages = list_villages(user).order_by("kecamatan__name", "name")
    initial = {"village": request.GET.get("village", ""), "term_start": timezone.localdate()}
    form = AppointmentForm(request.POST or None, villages=villages, initial=initial)

    def store() -> Cadre:
        data = dict(form.cleaned_data)
        account = find_account(by=user, username=data.pop("username"))
        return appoint_cadre(by=user, village_code=data.pop("village"), user=account, **data)

    if appointed := submit(form, store):
        messages.success(request, _("%(name)s tercatat sebagai KPM.") % {"name": appointed.full_name})
        return redirect("kpm:cadre", appointed.pk)
    return render(request, "kpm/cadre_new.html", {"form": form}, status=422 if form.errors else 200)


@officers_required
@require_safe
def cadre(request: HttpRequest, cadre_id: int) -> HttpResponse:
    """Show one KPM: her term, until when her account reaches the village, and what is open there."""
    found = _get_cadre(request, cadre_id)
    today = timezone.localdate()
    work = open_work(user=user_of(request), village=found.village, on=today)
    is_over = bool(found.term_end and found.term_end < today)
    held = Membership.objects.filter(user=found.user_id, role=Role.CADRE, village=found.village_id)
    period = find_period(held, today)
    may_renew = list_people_below(user_of(request)).filter(cadre_terms=found).exists()
    terms = Cadre.objects.filter(user=found.user_id) if found.user_id else Cadre.objects.filter(pk=found.pk)
    context = {
        "cadre": found,
        "work": work,
        "done": cadre_work(village=found.village, user=found.user, terms=terms, on=today),
        "is_over": is_over,
        "period": period,
        "shows_quality": user_of(request).has_role(*SEES_RECORDERS),
        "changes": term_history(found),
        "role_changes": role_history(found.user_id),
        "may_renew": may_renew,
    }
    return render(request, "kpm/cadre.html", context)


@officers_required
@require_POST
def account(request: HttpRequest, cadre_id: int) -> HttpResponse:
    """Make the account of a KPM and show its first password once."""
    found = _get_cadre(request, cadre_id)
    try:
        return first_password_page(request, *open_account(by=user_of(request), cadre_id=found.pk))
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("kpm:cadre", found.pk)


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def end_term(request: HttpRequest, cadre_id: int) -> HttpResponse:
    """Set the last day of a term; her access ends with it."""
    found = _get_cadre(request, cadre_id)
    handed_over = {"handed_over_on": found.handed_over_on, "handover_note": found.handover_note}
    form = TermEndForm(request.POST or None, initial={"on": found.term_end, **handed_over})
    if ended := submit(
        form,
        lambda: set_term_end(
            by=user_of(request), cadre_id=found.pk, drawn=request.POST.get("drawn"), **form.cleaned_data
        ),
    ):
        messages.success(request, _("Masa tugas %(name)s tersimpan.") % {"name": ended.full_name})
        return redirect("kpm:cadre", ended.pk)
    context = {"form": form, "cadre": found}
    return render(request, "kpm/cadre_end.html", context, status=422 if request.method == "POST" else 200)


@officers_required
@require_http_methods(["GET", "HEAD", "POST"])
def papers(request: HttpRequest, cadre_id: int) -> HttpResponse:
    """Put the musyawarah desa and the decree of an appointment right."""
    found = _get_cadre(request, cadre_id)
    names = ("musyawarah_desa_date", "decree_number", "decree_date")
    form = PapersChangeForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if submit(
        form, lambda: set_appointment_papers(by=user_of(request), cadre_id=found.pk, **form.cleaned_data)
    ):
        messages.success(request, _("SK dan musyawarah desa tersimpan."))
        return redirect("kpm:cadre", found.pk)
    context = {"form": form, "cadre": found}
    return render(request, "kpm/cadre_papers.html", context, status=422 if request.method == "POST" else 200)


@roles_required(Role.CADRE)
@require_safe
def own_work(request: HttpRequest) -> HttpResponse:
    """Show a cadre her own work, of ``?village=CODE`` where she works in several."""
    user = user_of(request)
    mine = Village.objects.filter(user.area(roles=(Role.CADRE,)).as_q("")).order_by("pk")
    code = request.GET.get("village", "")
    village = get_village_or_404(mine, code) if code else mine[0]
    terms = Cadre.objects.filter(user=user)
    done = cadre_work(village=village, user=user, terms=terms, on=timezone.localdate())
    context = {"village": village, "villages": mine, "terms": terms.filter(village=village), "done": done}
    return render(request, "kpm/own_work.html", context)


def _get_cadre(request: HttpRequest, cadre_id: int) -> Cadre:
    cadres = Cadre.objects.visible_to(user_of(request)).select_related("village__kecamatan", "user")
    return get_or_404(cadres, pk=cadre_id)
