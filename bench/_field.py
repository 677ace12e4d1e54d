"""The register that a load bench works in: its people, what they send, what it has of that afterwards.

Imported once DATABASE_URL names its database.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cilacap_stunting.settings")
django.setup()

# ruff: noqa: E402  Django's models can be imported only now.
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from bench._crowd import Answer, Crowd, Plan, list_acknowledged
from bench._dashboard_worker import page_addresses
from bench._register import fill_register
from bench._site import Site
from demo.signins import TOUR_VILLAGE, WRITER
from registry.actions.api_tokens import create_token
from registry.actions.refresh import differences, months_in_use
from registry.models import Child, Measurement, Membership, Role, User

BATCH_ITEMS = 10
MONTHS = 2
OFFICER_PAUSE, PROGRAM_PAUSE = 5.0, 2.0


class LastSeen(NamedTuple):
    """What a child's next entry goes on from."""

    child: str
    on: date
    weight_kg: Decimal
    lenhei_cm: Decimal


class Found(NamedTuple):
    """What the register has of what was sent, afterwards."""

    stored: int
    lost: int
    doubled: int
    differences: int


def load_register(children: int) -> None:
    """Fill the empty database with a demo district."""
    call_command("migrate", interactive=False, verbosity=0)
    fill_register(children, MONTHS)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def sign_in(user: User) -> str:
    """Return the cookie of a new session; no password is checked, which takes long on purpose."""
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Cadres:
    """The cadres with the most children, each with a session and entries that go on for days."""

    def __init__(self, count: int) -> None:
        by_village = _last_seen()
        rows = Membership.objects.filter(role=Role.CADRE, village__in=by_village).select_related("user")
        one_each = {str(post.village_id): post for post in rows}  # two would send the same
        posts = sorted(one_each.values(), key=lambda post: -len(by_village[str(post.village_id)]))[:count]
        if len(posts) < count:
            raise SystemExit(f"only {len(posts)} cadres have children to measure: take more --children")
        self.users = [post.user for post in posts]
        self._sessions = [sign_in(user) for user in self.users]
        self._entries = [_invent_entries(by_village[str(post.village_id)]) for post in posts]

    def phones(self, count: int, batches: int, every: float, size: int = BATCH_ITEMS) -> list[dict[str, Any]]:
        """Return phones that send a batch at some moment of each ``every`` seconds; 0: one after the other.

        Those of a village with few children have fewer batches.
        """
        rng = random.Random(2024)
        phones = []
        for session, entries in list(zip(self._sessions, self._entries, strict=True))[:count]:
            items = list(islice(entries, batches * size))
            parts = [items[at : at + size] for at in range(0, len(items), size)]
            sent = [{"at": (turn + rng.random()) * every, "items": part} for turn, part in enumerate(parts)]
            phones.append({"session": session, "batches": sent})
        return phones


def _last_seen() -> dict[str, list[LastSeen]]:
    """Return the last whole measurement of each child under five by the village where it lives now."""
    today = timezone.localdate()
    rows = (
        Measurement.objects.in_force()
        .filter(measured_on__gt=today - timedelta(days=31 * MONTHS), child__status="active")
        .filter(child__birth_date__gt=today - timedelta(days=1800))
        .filter(weight_kg__isnull=False, lenhei_cm__isnull=False)
        .order_by("measured_on")
        .values_list("child", "measured_on", "weight_kg", "lenhei_cm", "child__village")
    )
    last = {child: (LastSeen(str(child), *rest), village) for child, *rest, village in rows}
    moved = Child.objects.filter(residences__since__gt=today - timedelta(days=31 * MONTHS))
    strangers = set(moved.values_list("pk", flat=True))  # who lived elsewhere on some of those days
    found = defaultdict(list)
    for child, (seen, village) in last.items():
        if child not in strangers:
            found[village].append(seen)
    return found


def _invent_entries(children: Sequence[LastSeen]) -> Iterator[dict[str, Any]]:
    """Yield entries: each child today, then each a day earlier, back to when it was last measured."""
    today = timezone.localdate()
    for days in range(31 * MONTHS):
        on = today - timedelta(days=days)
        for seen in children:
            if on > seen.on:
                yield {
                    "id": str(uuid4()),
                    "child": seen.child,
                    "measured_on": on.isoformat(),
                    "weight_kg": str(seen.weight_kg + Decimal("0.1")),
                    "lenhei_cm": str(seen.lenhei_cm),
                    "confirmed": True,
                }


def list_officers(count: int) -> list[dict[str, Any]]:
    """Return officers of the district who each open all pages of figures, beginning at one of their own."""
    paths = [path for label, path in page_addresses().items() if " ." not in label]
    session = sign_in(User.objects.get(username=WRITER))
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"}
    starts = (len(paths) * number // max(count, 1) for number in range(count))
    return [{"headers": headers, "paths": paths[at:] + paths[:at], "pause": OFFICER_PAUSE} for at in starts]


def list_programs(count: int) -> list[dict[str, Any]]:
    """Return programs that pull summaries."""
    token, _expiry = create_token(User.objects.get(username="klien"))
    paths = ["district/summary/", "summaries/", f"kecamatan/{TOUR_VILLAGE[:8]}/summary/"]
    return [
        {
            "headers": {"Authorization": f"Token {token}"},
            "paths": [f"/api/v1/{path}" for path in paths],
            "pause": PROGRAM_PAUSE,
        }
        for _number in range(count)
    ]


def describe_server() -> str:
    """Return the database, its version and whether it writes through to the disk."""
    if connection.vendor != "postgresql":
        return connection.vendor
    with connection.cursor() as cursor:
        said = []
        for name in ("server_version", "fsync", "synchronous_commit"):
            cursor.execute("SELECT current_setting(%s)", [name])
            said.append(cursor.fetchone()[0])
    return f"PostgreSQL {said[0]}, fsync {said[1]}, synchronous_commit {said[2]}"


def run(
    plan: Plan, site: Site, folder: Path, meanwhile: Callable[[], object] = lambda: None
) -> tuple[list[Answer], Found]:
    """Return what everybody was answered, and what the register has afterwards of what the phones sent."""
    before = count_measurements()
    with Crowd(plan, site.address, folder) as crowd:
        meanwhile()
        answers = crowd.wait()
    return answers, compare(plan.items, list_acknowledged(answers), before)


def count_measurements() -> int:
    connection.close()  # the server may have been restarted
    return Measurement.objects.count()


def compare(sent: Mapping[str, Mapping[str, Any]], acknowledged: Iterable[str], before: int) -> Found:
    """Compare the register with what was sent and acknowledged.

    Lost: acknowledged and not stored as sent. Doubled: rows that nobody sent, or two of a child and day.
    ``before``: the measurements there were.
    """
    connection.close()
    stored = {str(row.pk): row for row in Measurement.objects.in_bulk([*sent]).values()}
    days = [(row.child_id, row.measured_on) for row in stored.values()]
    return Found(
        stored=len(stored),
        lost=sum(not (one in stored and _is_as_sent(stored[one], sent[one])) for one in set(acknowledged)),
        doubled=Measurement.objects.count() - before - len(stored) + len(days) - len(set(days)),
        differences=sum(1 for month in months_in_use() for _difference in differences(month)),
    )


def _is_as_sent(row: Measurement, item: Mapping[str, Any]) -> bool:
    return (str(row.child_id), row.measured_on.isoformat(), row.weight_kg, row.lenhei_cm) == (
        item["child"],
        item["measured_on"],
        Decimal(item["weight_kg"]),
        Decimal(item["lenhei_cm"]),
    )
