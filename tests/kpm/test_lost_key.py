"""A NIK key that is lost: pages and answers say which field cannot be read, and everything else works on."""

from collections.abc import Iterator
from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.test import override_settings

from registry.actions import LifeEventKind, merge_children, move_child, undo_event, update_child
from registry.actions.children import Identity
from registry.models import Child, MergedChild, Sex, User, Village
from tests.factories import make_child, make_village, measure, signed_in

NIK = "3301025504230001"
UNREADABLE = "tidak dapat dibaca"


def ayu(**changes: object) -> Identity:
    return Identity(name="Ayu", sex=Sex.GIRL, birth_date=date(2023, 4, 15), nik=NIK, **changes)  # type: ignore[arg-type]


@pytest.fixture
def child(officer: User, village: Village) -> Child:
    """Moved here, changed, and one of two records."""
    kept = make_child(officer, make_village("33.01.02.2003", "Slarang"), **vars_of(ayu()))
    measure(kept, date(2024, 8, 5), "11.2", "84")
    double = make_child(officer, village, name="Dewi", birth_date=date(2023, 4, 16))
    merge_children(by=officer, kept_id=kept.pk, merged_id=double.pk)
    move_child(by=officer, child_id=kept.pk, village_code=village.code, moved_on=date(2024, 8, 10))
    return update_child(by=officer, child_id=kept.pk, identity=ayu(rt="03", parent_name="Rini"))


def vars_of(identity: Identity) -> dict[str, object]:
    return {name: getattr(identity, name) for name in ("name", "sex", "birth_date", "nik")}


@pytest.fixture
def _lost(child: Child) -> Iterator[None]:
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        yield


@pytest.mark.usefixtures("_lost")
@pytest.mark.parametrize(
    "path", ["", "edit/", "card/", "move/", "close/", "duplicates/", "measure/", "merge/{other}/"]
)
def test_each_page_of_the_child_opens(officer: User, child: Child, path: str) -> None:
    other = make_child(officer, child.village, name="Ayu", birth_date=date(2023, 4, 17))
    answer = signed_in(officer).get(f"/children/{child.pk}/{path.format(other=other.pk)}")
    assert answer.status_code == 200
    if path in ("", "edit/") or path.startswith("merge"):
        assert UNREADABLE in answer.content.decode()


@pytest.mark.usefixtures("_lost")
def test_the_api_says_so_and_still_writes(officer: User, child: Child) -> None:
    site = signed_in(officer)
    path = f"/api/v1/children/{child.pk}/"
    assert site.get(path).json()["nik_masked"] == UNREADABLE
    answer = site.patch(path, {"rt": "04"}, content_type="application/json")
    assert answer.status_code == 200
    stored = Child.objects.get(pk=child.pk)
    assert (stored.rt, stored.nik_sealed) == ("04", child.nik_sealed)  # for when the key is found


@pytest.mark.usefixtures("_lost")
def test_a_move_is_undone_and_a_merge_is_said_to_need_the_key(officer: User, child: Child) -> None:
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 8, 10))
    child.refresh_from_db()
    assert child.village.name == "Slarang"
    merged = MergedChild.objects.get()
    answer = signed_in(officer).post(f"/children/{child.pk}/unmerge/{merged.pk}/", follow=True)
    assert "NIK_KEYS" in answer.content.decode()
    assert MergedChild.objects.filter(pk=merged.pk).exists()
