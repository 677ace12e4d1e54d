"""What a cadre, a midwife and an officer see of cases, and tick."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from kpm.case_actions import CaseStepEntry, record_case_step
from kpm.case_words import StepChoice, list_step_choices, next_step
from kpm.models import Case, CaseStep, StepAction
from registry.models import Child, Role, User, Village
from tests.factories import make_child, make_user, measure, signed_in

BORN, AUGUST, TODAY = date(2023, 6, 20), date(2024, 8, 5), date(2024, 8, 20)


@pytest.fixture
def short(cadre: User, village: Village) -> Child:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, AUGUST, "8.0", "69.0", position="L")
    return child


def words_on(client: Client, address: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(client.get(address).content.decode())).split())


def refer(child: Child, by: User, on: date, to: str = "midwife") -> None:
    entry = CaseStepEntry(uuid4(), child.pk, StepAction.REFERRED, on, referred_to=to)
    record_case_step(by=by, entry=entry)


def test_one_tap_on_the_list_records_the_next_step(short: Child, cadre: User) -> None:
    client, address = signed_in(cadre), f"{reverse('kpm:follow_up')}?village={short.village_id}"
    page = client.get(address).content.decode()
    button = re.search(r'name="step" value="([^"]+)"', page)
    form_id = re.search(r'name="id" value="([^"]+)"', page)
    assert button and form_id
    assert button[1] == "referred:midwife"
    sent = {"id": form_id[1], "step": button[1], "from_list": "1"}
    for _twice in range(2):  # a double tap
        answer = client.post(reverse("kpm:case_step", args=[short.pk]), sent)
        assert answer["Location"] == f"{address}#c-{short.pk}"
    step = CaseStep.objects.get()
    assert (step.action, step.referred_to, step.on, step.by) == ("referred", "midwife", TODAY, cadre)
    shown = words_on(client, address)
    assert "Terbuka 15 hari. Dirujuk ke bidan desa 20 Agustus 2024, belum dijawab." in shown


@pytest.mark.parametrize(
    ("to", "on", "words"),
    [
        ("midwife", date(2024, 8, 14), "Dirujuk ke bidan desa 14 Agustus 2024, belum dijawab."),
        ("midwife", date(2024, 8, 13), "7 hari belum dijawab: sekarang urusan puskesmas."),
        ("midwife", date(2024, 8, 6), "14 hari belum dijawab: sekarang urusan rumah sakit."),
        ("puskesmas", date(2024, 8, 13), "7 hari belum dijawab: sekarang urusan rumah sakit."),
        ("hospital", AUGUST, "15 hari belum dijawab: sekarang urusan rumah sakit."),
    ],
)
def test_an_unanswered_referral_rises_on_the_seventh_day(
    short: Child, cadre: User, to: str, on: date, words: str
) -> None:
    refer(short, cadre, on, to)
    assert words in words_on(signed_in(cadre), f"{reverse('kpm:follow_up')}?village={short.village_id}")


def test_the_next_step_follows_what_was_done(short: Child, cadre: User) -> None:
    midwife = make_user(Role.MIDWIFE, short.village)

    def offered(user: User) -> str:
        return next_step(list(Case.objects.filter(child=short, kind="stunting")), user).value

    assert (offered(cadre), offered(midwife)) == ("referred:midwife", "referred:puskesmas")
    refer(short, cadre, AUGUST)
    assert (offered(cadre), offered(midwife)) == ("visited", "arrived")
    for action, following in ((StepAction.ARRIVED, "treated"), (StepAction.TREATED, "visited")):
        record_case_step(by=midwife, entry=CaseStepEntry(uuid4(), short.pk, action, TODAY))
        assert offered(midwife) == following


def test_a_cadre_is_not_offered_what_only_those_who_treat_know(cadre: User) -> None:
    offered = {choice.value for choice in list_step_choices(cadre)}
    assert {"visited", "referred:hospital", "refused"} <= offered
    assert offered.isdisjoint({"arrived", "treated"})
    assert [StepChoice.read(value).value for value in sorted(offered)] == sorted(offered)


def test_the_page_of_a_child_tells_each_case_and_takes_a_mistaken_step_back(
    short: Child, cadre: User
) -> None:
    client, address = signed_in(cadre), reverse("kpm:case_step", args=[short.pk])
    sent = {"id": str(uuid4()), "step": "visited", "on": "2024-08-19", "note": "ibu di sawah"}
    assert client.post(address, sent)["Location"] == address
    shown = words_on(client, address)
    assert "Pendek Terbuka sejak 5 Agustus 2024 (15 hari)." in shown
    assert "19 Agustus 2024: dikunjungi (ibu di sawah)" in shown
    client.post(reverse("kpm:case_step_take_back", args=[short.pk, CaseStep.objects.get().pk]))
    assert "dihapus oleh" in words_on(client, address)
    measure(short, TODAY, "9.0", "76.0", position="L", confirmed=True)
    assert "Dari 5 Agustus 2024 sampai 20 Agustus 2024 (15 hari): membaik." in words_on(client, address)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"step": ""}, "Pilih apa yang dilakukan."),
        ({"step": "treated"}, "hanya bidan desa dan petugas puskesmas yang mencatatnya"),
        ({"step": "visited", "on": "2024-08-21"}, "Tanggal langkah tidak boleh setelah hari ini."),
        ({"step": "visited", "on": "kemarin"}, "Tanggal itu tidak dikenal."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_keeps_what_was_typed(
    short: Child, cadre: User, sent: dict[str, str], said: str
) -> None:
    typed = {"id": str(uuid4()), "note": "ibu di sawah"} | sent
    answer = signed_in(cadre).post(reverse("kpm:case_step", args=[short.pk]), typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert said in page
    assert "ibu di sawah" in page
    assert not CaseStep.objects.exists()


def test_a_recovered_case_says_from_which_value_to_which(short: Child, cadre: User) -> None:
    measure(short, TODAY, "8.2", "72.5", position="L")
    said = words_on(signed_in(cadre), reverse("kpm:case_step", args=[short.pk]))
    stored = {m.measured_on: m.haz for m in short.measurements.in_force()}
    assert "sampai 20 Agustus 2024 (15 hari): membaik." in said
    before, after = (f"−{abs(stored[on]):.2f}".replace(".", ",") for on in (AUGUST, TODAY))
    assert f"Tinggi Badan menurut Umur (z): dari {before} menjadi {after}." in said


def test_wasting_found_by_the_arm_is_told_by_the_arm(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=BORN)
    measure(child, AUGUST, "8.6", "74.0", position="L", muac_cm=Decimal("12.0"))
    measure(child, TODAY, "8.8", "74.5", position="L", muac_cm=Decimal("12.8"))
    said = words_on(signed_in(cadre), reverse("kpm:case_step", args=[child.pk]))
    assert "LiLA (cm): dari 12,00 menjadi 12,80." in said
    assert "Berat Badan menurut Tinggi Badan" not in said
