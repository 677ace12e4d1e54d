"""The cadre's workspace: one page that draws roster, entry and result by itself, online and offline.

The page holds no one's data, so a phone may keep it; what it draws comes from the two JSON answers below and
lies sealed on the phone.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from kpm.event_roster import events_json
from kpm.forms.child import ChildForm
from kpm.forms.measure import MeasureForm
from kpm.models import MAY_ANSWER
from kpm.navigation import menu_for, posts_of
from kpm.posted_kinds import list_addresses
from kpm.roster import RosterRow, list_roster, load_open_cases, row_json, whole_history_row
from kpm.service_roster import services_json
from kpm.workspace_keys import workspace_keys
from kpm.workspace_strings import list_strings
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village, get_child, list_villages
from registry.access.periods import find_user_period
from registry.access.query import BadQuery, find_month
from registry.access.reading import note_villages
from registry.accounts.closed_accounts import CLOSED, is_of_closed_account
from registry.accounts.login import redirect_to_login_keeping_form
from registry.calendar_months import current_month
from registry.figures.default_month import default_month_of_workspace
from registry.models import Child, Membership, User, Village
from registry.validation_messages import refusal_message

FIRST_MODULES = ("app", "session", "store", "template", "children", "zscores")
"""Scripts of every page of the workspace. A first screen waits for them and its page: ten requests in all."""


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Return the page without anybody's data: what the phone keeps."""
    # No session is looked at: the page is the same for everybody.
    request.user = AnonymousUser()
    page = _render_workspace(request, page_version())
    return HttpResponse(page, headers={"Cache-Control": "no-cache"})


@people_required
@require_safe
def page(request: HttpRequest, child_id: UUID | None = None) -> HttpResponse:
    """Return the workspace's page; a user who may not open its address gets a refusal here."""
    if child_id:
        get_child(user_of(request), child_id)
    else:
        find_month(request.GET)
        if request.GET.get("village"):
            find_village(request)
    return shell(request)


def outbox(request: HttpRequest) -> HttpResponse:
    """Return the workspace's page to every signed-in user: a cadre whose term has ended saves what waits."""
    if not request.user.is_authenticated:
        return redirect_to_login_keeping_form(request)
    return shell(request)


def _render_workspace(request: HttpRequest | None = None, version: str = "") -> str:
    context = {
        "words": list_strings(),
        "measure_form": MeasureForm(auto_id="f_%s"),
        "child_form": ChildForm(auto_id="f_%s", village=Village()),
        "modules": [script_url(name) for name in (*FIRST_MODULES, *_first_page(request))],
        "icons": _text_of("icons/sprite.svg"),
        "roster_days": settings.ROSTER_DAYS,
        "posts": json.dumps(list_addresses()),
        # In the page itself, as the pictures are: on a slow line each request costs half a second.
        "growth_tables": _text_of("js/growth-tables.json"),
        "version": version,
    }
    page = render_to_string("kpm/work.html", context, request)
    return page.replace(f'href="{static("icons/sprite.svg")}#', 'href="#')


def _first_page(request: HttpRequest | None) -> tuple[str, ...]:
    """Return the scripts of the page that opens first, to be fetched together with what they need."""
    is_entry = request is not None and request.path.endswith("/measure/")
    return ("entry_target", "pages/entry") if is_entry else ("pages/roster",)


def script_url(name: str) -> str:
    """Return the address of a script of the workspace."""
    return static(f"js/workspace/{name}.js")


@cache
def page_version() -> str:
    """Return what tells the page and scripts of this version from another's, in whatever language."""
    with override("id"):
        return _digest([script_url(name) for name in script_names()])


def _digest(files: list[str]) -> str:
    return hashlib.sha256(json.dumps([files, _render_workspace()]).encode()).hexdigest()[:16]


def script_names() -> list[str]:
    """Return all scripts of the workspace: what works without a network is in this folder."""
    folder = Path(_find("js/workspace"))
    return sorted(file.relative_to(folder).with_suffix("").as_posix() for file in folder.rglob("*.js"))


def _find(path: str) -> str:
    return str(finders.find(path))


def _text_of(path: str) -> str:
    return Path(_find(path)).read_text(encoding="utf-8")


def session_json(request: HttpRequest) -> JsonResponse:
    """Return whose session this is, with what the phone needs to send and to seal; 401 when it has ended.

    Of a closed account the 401 says so: the phone then keeps nothing of the children.

    Who works nowhere today gets the same with a 404: what waits on the phone is kept, not sent.
    """
    user = _somebody(request)
    if user is None:
        return _signed_out(request)
    if not user.roles:
        return _private(_session(request, user) | {"code": "ended"}, status=404)
    return _private(_session(request, user))


def roster_json(request: HttpRequest) -> JsonResponse:
    """Return the roster of ``?village=CODE`` (or of the village of ``?child=ID``) for ``?month=YYYY-MM``.

    With ``?child=ID&corrects=ID`` that child comes once more by itself with all that was ever measured.
    A user who works in several villages and names none gets the villages to choose from.
    """
    user = _somebody(request)
    if user is None:
        return _signed_out(request)
    if not user.roles:
        return _private({"code": "ended", "session": _session(request, user)}, status=404)
    try:
        month, child = find_month(request.GET) or default_month_of_workspace(), _child(request)
        village = child.village if child else find_village(request)
    except BadQuery as error:
        return _private({"code": "invalid", "detail": str(error)}, status=400)
    except Http404:
        # In JSON, with whose session it is: a page would read to the phone as "no network".
        return _private({"code": "not_found", "session": _session(request, user)}, status=404)
    said: dict[str, Any] = {"session": _session(request, user), "month": month.isoformat()}
    if village is None:
        return _private(said | {"villages": _list_options(user)})
    note_villages([village.pk])
    is_running = month == current_month()
    roster = list_roster(user=user, village=village, month=month, with_moved=is_running)
    whole = [whole_history_row(child)] if child and "corrects" in request.GET else []
    if is_running:
        load_open_cases([*roster, *whole])
        said |= _list_to_tick(user, village, roster)
    said |= {
        "several": list_villages(user_of(request)).count() > 1,
        "village": {"code": village.pk, "name": village.name},
        "posyandu": list(village.posyandu.order_by("name").values("id", "name")),
        "children": [row_json(row) for row in roster],
    }
    if child and str(child.pk) != request.GET["child"]:  # the record asked for was merged into this one
        said["kept"] = str(child.pk)
    if whole:
        said["whole"] = row_json(whole[0])
    return _private(said)


def _list_to_tick(user: User, village: Village, roster: list[RosterRow]) -> dict[str, Any]:
    """Return the services of the running month and the events of these days."""
    listed = {row.child.pk for row in roster}
    services = services_json(user, village, current_month(), listed)
    return {"services": services, "events": events_json(user, village)}


def _list_options(user: User) -> list[dict[str, str]]:
    """Return the villages to choose from."""
    rows = list_villages(user).order_by("kecamatan__name", "name")
    return [{"code": v.pk, "name": v.name, "kecamatan": v.kecamatan.name} for v in rows]


def _child(request: HttpRequest) -> Child | None:
    """Return the child of ``?child=ID``, if one is asked for."""
    try:
        child_id = UUID(request.GET["child"]) if request.GET.get("child") else None
    except ValueError:
        raise Http404 from None
    return get_child(user_of(request), child_id) if child_id else None


def _somebody(request: HttpRequest) -> User | None:
    """Return the signed-in user who works with children, or did. Raises 404 for another system."""
    if not request.user.is_authenticated:
        return None
    user = user_of(request)
    if user.roles and not user.sees_people:
        raise Http404
    return user


def _session(request: HttpRequest, user: User) -> dict[str, Any]:
    posts = posts_of(user)
    return {
        "user": {"id": user.pk, "name": str(user)},
        "posts": [f"{post.get_role_display()}, {post.place}" for post in posts],
        "until": _last_day(posts),
        "answers": bool(user.roles & MAY_ANSWER),
        "starts": "" if posts else _first_day(user),
        "menu": [{"url": link.url, "words": link.words} for link in menu_for(user, "")],
        "csrf": get_token(request),
        "keys": workspace_keys(user),
        "now": timezone.now().isoformat(),
        "version": page_version(),
    }


def _last_day(posts: list[Membership]) -> str:
    """Return the last day on which the phone may show children; empty where none is set."""
    if any(post.until is None for post in posts):
        return ""
    yesterday = timezone.localdate() - timedelta(days=1)
    return max((post.until for post in posts if post.until), default=yesterday).isoformat()


def _first_day(user: User) -> str:
    """Return the day from which she works, of a user who works nowhere yet; else empty."""
    period = find_user_period(user)
    return period.day.isoformat() if period.is_to_come and period.day else ""


def _signed_out(request: HttpRequest) -> JsonResponse:
    if is_of_closed_account(request):
        return _private({"code": CLOSED, "detail": refusal_message(CLOSED)}, status=401)
    return _private({"code": "not_authenticated"}, status=401)


def _private(said: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(said, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Return the worker that keeps the page. It changes when any of its files does."""
    files = [
        reverse("kpm:shell"),
        static("css/site.css"),
        *(script_url(name) for name in script_names()),
    ]
    context = {"version": _digest(files), "files": json.dumps(files), "shell": reverse("kpm:shell")}
    script = render_to_string("kpm/service_worker.js", context)
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """Return what the phone shows of the register among its apps."""
    said = {
        "name": "Register Balita Cilacap",
        "short_name": "Balita",
        "lang": "id",
        "start_url": reverse("kpm:roster"),
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5d3b",
        "icons": [*_icons("icon", "any"), *_icons("maskable", "maskable")],
    }
    answer = JsonResponse(said, content_type="application/manifest+json")
    answer["Cache-Control"] = "max-age=3600"
    return answer


def _icons(name: str, purpose: str) -> list[dict[str, str]]:
    """Return the icon as drawn, and in the sizes that phones ask for (script/icons.py)."""
    drawn = {"src": static(f"icons/{name}.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
    sized = [
        {"src": static(f"icons/{name}-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png", "purpose": purpose}
        for n in (192, 512)
    ]
    return [drawn, *sized]
