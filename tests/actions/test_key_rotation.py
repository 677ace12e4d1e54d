"""Other keys while the site runs: nothing is lost, nobody is entered twice, and old keys open nothing new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import StringIO
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.test import override_settings

from registry import nik as niks
from registry.actions import merge_children, revert_import, undo_merge, update_child
from registry.actions.identity import identity_of
from registry.actions.key_rotation import rehash_niks, reseal_columns
from registry.errors import Conflict, NikUsed
from registry.imports import workflow
from registry.imports.commit import preview
from registry.models import ChangeLog, Child, MergedChild, Role, Upload, User
from registry.places.load import load_places
from tests.factories import make_child, make_user
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db

NIK, OTHER_NIK = "3301025403220001", "3301025403220009"
OLD, NEW = (Fernet.generate_key().decode() for _key in range(2))
WITH_BOTH = override_settings(NIK_KEYS=[NEW, OLD])
WITH_NEW = override_settings(NIK_KEYS=[NEW])
WITH_NEW_HASH = override_settings(NIK_HASH_KEY="another key of this site")


@pytest.fixture(autouse=True)
def _old_key() -> Iterator[None]:
    with override_settings(NIK_KEYS=[OLD]):
        yield


@pytest.fixture
def officer(db: None) -> User:
    load_places()
    return make_user(Role.DISTRICT)


@pytest.fixture
def upload(officer: User) -> Upload:
    """A file that gave a child its NIK."""
    make_child(officer, name="SITI CONTOH", parent_name="IBU AMINAH")
    workflow.import_at_once(by=officer, file_name="juni.csv", content=csv_file(row(NIK=NIK)))
    return Upload.objects.get()


@pytest.fixture
def merged(officer: User) -> MergedChild:
    """The record merged has a NIK, the one kept has none."""
    kept, other = (make_child(officer, birth_date=date(2022, 3, day)) for day in (14, 15))
    update_child(by=officer, child_id=other.pk, identity=replace(identity_of(other), nik=OTHER_NIK))
    merge_children(by=officer, kept_id=kept.pk, merged_id=other.pk, taken={"nik"})
    return MergedChild.objects.get()


def test_what_is_sealed_opens_with_the_new_key_alone(
    officer: User, upload: Upload, merged: MergedChild
) -> None:
    child = Child.objects.get(name="SITI CONTOH")
    content = b"SITI," + Fernet(Fernet.generate_key()).encrypt(b"of another program")
    Upload.objects.update(content_sealed=niks.seal_bytes(content))
    changes = [change.values for change in ChangeLog.objects.order_by("pk")]
    with WITH_BOTH:
        assert sum(one.unreadable for one in reseal_columns()) == 0
        assert sum(one.changed for one in reseal_columns()) == 0  # the second time there is nothing to do
    with WITH_NEW:
        assert Child.objects.get(pk=child.pk).nik == NIK
        assert [change.values for change in ChangeLog.objects.order_by("pk")] == changes
        assert workflow.content_of(upload) == content
        undone = undo_merge(by=officer, merged_id=merged.pk)
        assert undone.nik == OTHER_NIK
        revert_import(by=officer, upload_id=upload.pk)
        assert Child.objects.get(pk=child.pk).nik == ""
    with pytest.raises(niks.InvalidToken):
        Child.objects.get(pk=undone.pk).nik  # noqa: B018


def test_what_no_key_opens_is_counted_and_stays(officer: User) -> None:
    child = make_child(officer, nik=NIK)
    with WITH_NEW:
        found = {(one.table, one.column): one for one in (*reseal_columns(), rehash_niks())}
    assert found["registry_child", "nik_sealed"].unreadable == 1
    assert found["registry_child", "nik_hash"].unreadable == 1
    child.refresh_from_db()
    assert child.nik == NIK


def test_a_nik_that_is_changed_meanwhile_stays_changed(
    officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = make_child(officer, nik=NIK)

    def reseal(sealed: Any) -> Any:
        Child.objects.update(nik_sealed=niks.seal(OTHER_NIK))
        return niks.reseal(sealed)

    monkeypatch.setattr("registry.actions.key_rotation.reseal", reseal)
    with WITH_BOTH:
        assert next(reseal_columns()).changed == 0
        child.refresh_from_db()
        assert child.nik == OTHER_NIK


def test_a_nik_is_found_by_the_new_hash_and_nobody_enters_it_twice_on_the_way(officer: User) -> None:
    make_child(officer, nik=NIK)
    with WITH_NEW_HASH:
        with pytest.raises(Conflict) as refused:  # it would not be found
            make_child(officer, name="Ani", birth_date=date(2023, 1, 2), nik=NIK)
        assert refused.value.code == "hash_key_changing"
        make_child(officer, name="Budi", birth_date=date(2023, 1, 2))  # without a NIK: nothing to compare
        assert rehash_niks().changed == 1
        with pytest.raises(NikUsed):
            make_child(officer, name="Ani", birth_date=date(2023, 1, 3), nik=NIK)
    with pytest.raises(Conflict) as refused:  # a worker that was not started again
        make_child(officer, name="Ani", birth_date=date(2023, 1, 3), nik=NIK)
    assert refused.value.code == "hash_key_changing"
    with pytest.raises(Conflict):
        preview(csv_file(row(NIK=NIK)), officer)


def test_a_file_and_a_merge_are_undone_after_it(officer: User, upload: Upload, merged: MergedChild) -> None:
    child = Child.objects.get(name="SITI CONTOH")
    with WITH_NEW_HASH:
        rehash_niks()
        revert_import(by=officer, upload_id=upload.pk)
        assert (Child.objects.get(pk=child.pk).nik, Child.objects.get(pk=child.pk).nik_hash) == ("", None)
        undone = undo_merge(by=officer, merged_id=merged.pk)
        assert undone.nik_hash == niks.nik_hash(OTHER_NIK)


def test_the_command_says_what_it_did_and_whether_the_old_key_may_go(officer: User) -> None:
    make_child(officer, nik=NIK)
    said = StringIO()
    with WITH_BOTH:
        call_command("rotate_keys", stdout=said)
    assert "registry_child.nik_sealed: 1 diganti, 0 tidak terbaca" in said.getvalue()
    assert "Semua memakai kunci baru" in said.getvalue()
    said = StringIO()
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        call_command("rotate_keys", stdout=said)
    assert "Tambahkan kunci lamanya" in said.getvalue()
