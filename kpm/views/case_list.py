"""The cases of a place by name, for those who treat; for others with a reason, which is logged."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kpm.audit_rows import audits_of
from kpm.case_rows import CaseQuestion, CaseState, case_lines, list_cases
from kpm.cases.course import CaseKind
from kpm.exports_children import cases_list
from kpm.models.case import KIND_WORDS
from kpm.navigation import WITH_CHILDREN
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_widest_place, get_place
from registry.access.query import BadQuery
from registry.access.reading import note_villages, require_list_reason
from registry.access.visible_places import Place
from registry.calendar_months import InvalidMonth, parse_month
from registry.errors import Invalid, NotFound
from registry.exports.response import export_response
from registry.models import User, Village

_ON_A_PAGE = 50
_FILTERS = ("place", "state", "kind", "found")


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: HttpRequest) -> HttpResponse:
    """Show the cases of ``?place=``, those of ``&state=``, of ``&kind=`` or found in ``&found=YYYY-MM``."""
    user, query = user_of(request), request.GET
    asked = _read_question(query, user)
    context: dict[str, object] = {"asked": asked, "kind": KIND_WORDS[asked.kind] if asked.kind else ""}
    try:
        reason = require_names_reason(user, asked.place, query.get("reason", ""))
    except Invalid as refused:
        title = _("Daftar kasus %(place)s") % {"place": asked.place.name}
        return names_reason_page(request, title, refused, _FILTERS, context)
    found = list_cases(user, asked)
    if file := export_response(request, {"cases": partial(cases_list, user, asked, found)}):
        return file
    page = Paginator(found, _ON_A_PAGE).get_page(query.get("page"))
    lines = case_lines(page.object_list, asked.today)
    note_villages({line.case.lives_in_id for line in lines}, reason)
    context |= {"page": page, "lines": lines, "query": _filters_of(query)}
    context["audits"] = audits_of(user, [line.case for line in lines])
    return render(request, "kpm/case_list.html", context)


def names_reason_page(
    request: HttpRequest,
    title: str,
    refused: Invalid,
    filters: Iterable[str],
    context: dict[str, object] | None = None,
) -> HttpResponse:
    """Ask why the names of a list with this title are read; ``filters`` of the address are kept."""
    query = request.GET
    asked = {
        "title": title,
        "kept": [(name, query[name]) for name in filters if query.get(name)],
        "refused": refused.message if "reason" in query else "",
    }
    status = 422 if "reason" in query else 200
    return render(request, "kpm/case_list_reason.html", (context or {}) | asked, status=status)


def require_names_reason(user: User, place: Place, reason: str) -> str:
    """Return why somebody who does not treat reads the names of more than one village. Raises Invalid."""
    if user.has_role(*WITH_CHILDREN):
        return ""
    return require_list_reason(user, place.pk if isinstance(place, Village) else "", reason)


def _read_question(query: QueryDict, user: User) -> CaseQuestion:
    place, state, kind, found = (str(query.get(name, "")) for name in _FILTERS)
    try:
        return CaseQuestion(
            place=find_place(place, user),
            today=timezone.localdate(),
            state=CaseState(state or CaseState.ALL),
            kind=CaseKind(kind) if kind else None,
            found_in=parse_month(found) if found else None,
        )
    except (ValueError, InvalidMonth) as error:
        sentence = _("Pilihan itu tidak dikenal. Buka Kasus di Prevalensi stunting, lalu pilih di sana.")
        raise BadQuery(sentence) from error


def find_place(code: str, user: User) -> Place:
    """Return the place of a code, without one the whole area of ``user``. Raises Http404."""
    try:
        place = get_place(code, user) if code else find_widest_place(user)
    except NotFound as error:
        raise Http404 from error
    if place is None:
        raise Http404
    return place


def _filters_of(query: QueryDict) -> str:
    """Return the filters of the address at the start of a query, for the other pages and the files."""
    kept = query.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""
