"""People, places and measurements for tests: small functions, real actions, invented names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.test import Client

from registry.actions import (
    Entry,
    Identity,
    NewChild,
    Observation,
    Recorded,
    Submission,
    TakenDay,
    enrol_child,
    record_consent,
    record_measurement,
    record_measurements,
    record_submissions,
    withdraw_consent,
)
from registry.actions.identity import build_child
from registry.models import (
    Child,
    Consent,
    ConsentMethod,
    ConsentText,
    District,
    Kecamatan,
    Membership,
    ParentRelation,
    Position,
    Posyandu,
    Puskesmas,
    Role,
    Sex,
    Source,
    User,
    Village,
)
from registry.places.names import posyandu_key

PASSWORD = "a-long-test-password"

_serial = count(1)


def make_district() -> District:
    """Cilacap."""
    return District.objects.get_or_create(code="33.01", defaults={"name": "Cilacap"})[0]


def make_kecamatan(code: str = "33.01.02", name: str = "Kesugihan") -> Kecamatan:
    return Kecamatan.objects.get_or_create(code=code, defaults={"name": name, "district": make_district()})[0]


def make_village(
    code: str = "33.01.02.2016",
    name: str = "Kesugihan Kidul",
    kecamatan: Kecamatan | None = None,
    kind: str = "desa",
) -> Village:
    """A village; its kecamatan follows from the code unless given."""
    if kecamatan is None:
        known = {"33.01.02": "Kesugihan", "33.01.01": "Kedungreja"}
        kecamatan = make_kecamatan(code[:8], known.get(code[:8], f"Kecamatan {code[6:8]}"))
    return Village.objects.get_or_create(
        code=code, defaults={"name": name, "kecamatan": kecamatan, "kind": kind}
    )[0]


def make_puskesmas(name: str = "Kesugihan I", kecamatan: Kecamatan | None = None) -> Puskesmas:
    kecamatan = kecamatan or make_kecamatan()
    return Puskesmas.objects.get_or_create(name=name, defaults={"kecamatan": kecamatan})[0]


def make_posyandu(village: Village, name: str = "Melati 1") -> Posyandu:
    return Posyandu.objects.get_or_create(village=village, key=posyandu_key(name), defaults={"name": name})[0]


def make_user(
    role: Role | None = None,
    place: District | Kecamatan | Puskesmas | Village | None = None,
    username: str | None = None,
) -> User:
    """A user with one membership: ``make_user(Role.CADRE, village)``; without a role, none."""
    username = username or f"{role or 'nobody'}-{next(_serial)}"
    user = User.objects.create_user(username=username, password=PASSWORD, full_name=username)
    if role is not None:
        place = place or make_district()
        field = place._meta.model_name or ""
        Membership.objects.create(user=user, role=role, **{field: place})
    if role == Role.ADMIN:
        user.is_staff = user.is_superuser = True
        user.save()
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def make_cadre(village: Village | None = None) -> User:
    return make_user(Role.CADRE, village or make_village())


def make_child(
    by: User | None = None,
    village: Village | None = None,
    *,
    name: str = "Siti Contoh",
    sex: Sex = Sex.GIRL,
    birth_date: date = date(2022, 3, 14),
    since: date | None = None,
    **identity: object,
) -> Child:
    """A child enrolled by a cadre of the village, living there since birth unless told."""
    village = village or make_village()
    by = by or make_cadre(village)
    return enrol_child(
        by=by,
        id=uuid4(),
        village_code=village.pk,
        identity=Identity(name=name, sex=sex, birth_date=birth_date, **identity),  # type: ignore[arg-type]
        since=since or birth_date,
    ).child


def make_measured(
    by: User,
    village: Village,
    children: Iterable[tuple[dict[str, Any], Sequence[Observation]]],
) -> None:
    """Enrol children since birth with what was seen of each, in one go: pairs of both."""
    new_children, entries = [], []
    for identity, observations in children:
        identity = {"name": "Siti Contoh", "sex": Sex.GIRL, "birth_date": date(2022, 3, 14), **identity}
        child = build_child(by=by, id=uuid4(), village=village, identity=Identity(**identity))
        new_children.append(NewChild(child, child.birth_date))
        entries += [Entry(uuid4(), child, one, True) for one in observations]
    record_measurements(by=by, entries=entries, new_children=new_children, source=Source.FORM)


def seen(
    on: date,
    weight_kg: str | None = None,
    lenhei_cm: str | None = None,
    position: Position = Position.UNKNOWN,
    **more: object,
) -> Observation:
    """An observation of values written as text: ``seen(date(2024, 8, 5), "9.1", "78.5")``."""
    return Observation(
        measured_on=on,
        weight_kg=Decimal(weight_kg) if weight_kg else None,
        lenhei_cm=Decimal(lenhei_cm) if lenhei_cm else None,
        position=position,
        **more,  # type: ignore[arg-type]
    )


def measure(
    child: Child,
    on: date,
    weight_kg: str | None = None,
    lenhei_cm: str | None = None,
    *,
    by: User | None = None,
    confirmed: bool = False,
    **more: object,
) -> Recorded:
    """Record a measurement as the one who enrolled the child."""
    return record_measurement(
        by=by or child.created_by,
        id=uuid4(),
        child_id=child.pk,
        observation=seen(on, weight_kg, lenhei_cm, **more),  # type: ignore[arg-type]
        confirmed=confirmed,
        source=Source.FORM,
    )


def agree(child: Child, on: date, *, by: User | None = None, name: str = "Ibu Contoh") -> Consent:
    """Record that the mother has signed the first version of the text."""
    since = {"since": date(2022, 10, 17), "text": "Saya setuju."}
    text, _made = ConsentText.objects.get_or_create(version=1, defaults=since)
    return record_consent(
        by=by or child.created_by,
        child_id=child.pk,
        version=text.version,
        on=on,
        person_name=name,
        relation=ParentRelation.MOTHER,
        method=ConsentMethod.SIGNED,
    )


def withdraw(child: Child, on: date, *, by: User | None = None, name: str = "Ibu Contoh") -> Consent:
    """Record that the mother has withdrawn it."""
    return withdraw_consent(
        by=by or child.created_by,
        child_id=child.pk,
        on=on,
        person_name=name,
        relation=ParentRelation.MOTHER,
    )


def send_other_values(by: User, child_id: UUID, what: Observation, id: UUID | None = None) -> Recorded:
    """Send values of a day that may have others, as a phone does: both are kept until the midwife chooses."""
    sent = Submission(id=id or uuid4(), child_id=child_id, observation=what)
    [recorded] = record_submissions(
        by=by, submissions=[sent], source=Source.FORM, taken_day=TakenDay.KEEP_BOTH
    )
    if isinstance(recorded, Exception):
        raise recorded
    return recorded
