"""The scorecard of a village from what is stored, worked out by hand; its page, its files and its closing."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpm.case_actions import CaseStepEntry, record_case_step
from kpm.convergence_actions import (
    ConditionEntry,
    ServiceEntry,
    move_beneficiary,
    record_condition,
    record_service,
    register_beneficiary,
    take_back_service,
)
from kpm.models import Scorecard, ScorecardRule, StepAction
from kpm.scorecard.indicators import LivingCondition, ScoredService, ScoreGroup, ScoreIndicator
from kpm.scorecard.judgement import ScoreAnswer
from kpm.scorecard.periods import Quarter
from kpm.scorecard_actions import publish_scorecard, publish_scorecards, withdraw_scorecard
from kpm.scorecard_report import ScorecardReport
from kpm.scored_people import list_scored, read_cells
from registry.errors import Invalid, NotFound
from registry.models import ChangeLog, Child, Role, User, Village
from tests.factories import make_child, make_user, make_village, measure, signed_in

APRIL_TO_JUNE, JULY_TO_SEPTEMBER = Quarter(2024, 2), Quarter(2024, 3)
BORN, LAST_PERIOD = date(2023, 6, 20), date(2024, 1, 1)
YES, NO, NA = ScoreAnswer.YES, ScoreAnswer.NO, ScoreAnswer.NOT_APPLICABLE


def serve(by: User, service: str, *days: date, quantity: int = 1, **person: UUID) -> None:
    for on in days:
        entry = ServiceEntry(id=uuid4(), on=on, service=ScoredService(service), quantity=quantity, **person)
        record_service(by=by, entry=entry)


def ask(by: User, condition: str, on: date, is_met: bool, **person: UUID) -> None:
    entry = ConditionEntry(id=uuid4(), on=on, condition=LivingCondition(condition), is_met=is_met, **person)
    record_condition(by=by, entry=entry)


@pytest.fixture
def baby(cadre: User, village: Village) -> Child:
    """A girl of 9 to 12 months in the quarter, weighed and measured each month."""
    child = make_child(cadre, village, birth_date=BORN)
    for on, kg in ((date(2024, 4, 5), "8.2"), (date(2024, 5, 6), "8.6"), (date(2024, 6, 4), "8.9")):
        measure(child, on, kg, "72.0", position="L")
    days = date(2024, 4, 8), date(2024, 5, 8), date(2024, 6, 8)
    serve(cadre, "counselling", *days[:2], child_id=child.pk)
    serve(cadre, "parenting_class", *days, child_id=child.pk)
    for condition, is_met in (("safe_water", True), ("latrine", False), ("insurance", True)):
        ask(cadre, condition, date(2024, 5, 10), is_met, child_id=child.pk)
    return child


@pytest.fixture
def mother(cadre: User, village: Village) -> UUID:
    """A woman who is pregnant since 1 January, at risk since 15 April: in week 25 at the quarter's end."""
    added = register_beneficiary(
        by=cadre, id=uuid4(), village_code=village.pk, name="Wati Contoh", last_period=LAST_PERIOD
    )
    serve(cadre, "check_up", date(2024, 4, 1), date(2024, 6, 20), beneficiary_id=added.pk)
    serve(cadre, "counselling", date(2024, 4, 1), beneficiary_id=added.pk)
    serve(cadre, "iron_tablets", date(2024, 4, 1), date(2024, 6, 20), quantity=30, beneficiary_id=added.pk)
    ask(cadre, "at_risk", date(2024, 4, 15), True, beneficiary_id=added.pk)
    serve(cadre, "home_visit", date(2024, 5, 10), beneficiary_id=added.pk)
    return added.pk


def answers(village: Village, quarter: Quarter = APRIL_TO_JUNE) -> dict[str, dict[str, str]]:
    return {
        row.person.name: {str(i): str(j.answer) for i, j in row.answers.judgements.items()}
        for row in list_scored(village, quarter)
    }


def test_a_child_is_judged_by_measurements_services_and_its_household(baby: Child, village: Village) -> None:
    assert answers(village) == {
        "Siti Contoh": {
            "immunisation": "no",  # due on 20 June, its first birthday
            "weighed_monthly": "yes",
            "height_twice": "yes",
            "counselled_monthly": "no",  # two months of three
            "visits_at_risk": "not_applicable",
            "safe_water": "yes",
            "latrine": "no",
            "birth_certificate": "no",  # never asked
            "insurance": "yes",
            "parenting_classes": "yes",
        }
    }


def test_a_pregnancy_is_judged_by_its_weeks_and_months(mother: UUID, village: Village) -> None:
    assert answers(village) == {
        "Wati Contoh": {
            "check_ups": "yes",  # two are due by week 24
            "iron_tablets": "no",  # 60 of 90
            "postnatal_visits": "not_applicable",
            "counselling": "no",  # one of two
            "visits_at_risk": "no",  # May of May and June: April was not at risk all through
            "safe_water": "no",
            "latrine": "no",
            "insurance": "no",
        }
    }


def test_the_village_is_all_yes_of_all_that_applies(baby: Child, mother: UUID, village: Village) -> None:
    score = ScorecardReport.load(village, APRIL_TO_JUNE).score
    # 5 of 9 of the child, 1 of 7 of the woman: 37.5 %, where the mean of both would be 34.9 %.
    assert (score.village.yes, score.village.applicable) == (6, 16)


def test_a_case_open_all_month_asks_for_a_visit(cadre: User, village: Village) -> None:
    short = make_child(cadre, village, birth_date=BORN)
    measure(short, date(2024, 4, 5), "8.0", "62.0", position="L")  # far too short for nine months
    measure(short, date(2024, 6, 5), "8.6", "63.0", position="L")
    entry = CaseStepEntry(uuid4(), short.pk, StepAction.VISITED, date(2024, 5, 12))
    record_case_step(by=cadre, entry=entry)
    judged = list_scored(village, APRIL_TO_JUNE)[0].answers.judgements[ScoreIndicator.VISITS_AT_RISK]
    assert (judged.answer, judged.had, judged.needed) == (NO, 1, 2)  # May and June


def test_who_moved_counts_once_where_she_lives_last(mother: UUID, cadre: User, village: Village) -> None:
    other = make_village("33.01.02.2010", "Karangkandri")
    both = make_user(Role.DISTRICT)
    move_beneficiary(by=both, beneficiary_id=mother, village_code=other.pk, on=date(2024, 6, 10))
    assert list_scored(village, APRIL_TO_JUNE) == []
    assert answers(other)["Wati Contoh"]["check_ups"] == "yes"  # her services came along


def test_of_a_running_quarter_only_whole_months_count(baby: Child, village: Village) -> None:
    measure(baby, date(2024, 7, 4), "9.1", "73.0", position="L")
    # It is 20 August: nobody is late with August yet, and September has not begun.
    assert answers(village, JULY_TO_SEPTEMBER)["Siti Contoh"]["weighed_monthly"] == "yes"
    assert answers(village, JULY_TO_SEPTEMBER)["Siti Contoh"]["counselled_monthly"] == "no"


def test_what_is_taken_back_does_not_count(baby: Child, cadre: User, village: Village) -> None:
    found = baby.services.filter(service="parenting_class", on=date(2024, 6, 8)).get()
    take_back_service(by=cadre, record_id=found.pk)
    assert answers(village)["Siti Contoh"]["parenting_classes"] == "no"


def test_the_newer_of_two_answers_of_one_day_counts(baby: Child, cadre: User, village: Village) -> None:
    ask(cadre, "latrine", date(2024, 5, 10), True, child_id=baby.pk)
    assert answers(village)["Siti Contoh"]["latrine"] == "yes"


def test_a_dated_rule_of_the_district_holds_from_its_quarter_on(mother: UUID, village: Village) -> None:
    ScorecardRule.objects.create(since=date(2024, 4, 1), tablets_a_month=20)
    assert answers(village)["Wati Contoh"]["iron_tablets"] == "yes"  # 60 of 60
    ScorecardRule.objects.update(since=date(2024, 4, 2))
    assert answers(village)["Wati Contoh"]["iron_tablets"] == "no"


def test_a_published_quarter_stays_and_says_what_came_later(
    baby: Child, cadre: User, village: Village, page: Client
) -> None:
    card = publish_scorecard(by=cadre, village_code=village.pk, quarter=APRIL_TO_JUNE)
    serve(cadre, "counselling", date(2024, 6, 8), child_id=baby.pk)
    assert publish_scorecard(by=cadre, village_code=village.pk, quarter=APRIL_TO_JUNE) == card
    report = ScorecardReport.load(village, APRIL_TO_JUNE)
    assert (report.score.village.yes, report.changed_since.yes) == (5, 6)  # type: ignore[union-attr]
    shown = page.get(f"{reverse('kpm:scorecard')}?village={village.pk}&quarter=2024-2").content.decode()
    assert "Sejak ditutup ada yang menyusul: 55,6% &gt; 66,7%" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert read_cells(card)[ScoreGroup.YOUNG_CHILD, ScoreIndicator.SAFE_WATER].yes == 1


def test_scores_of_two_villages_are_published_together_or_not_at_all(
    baby: Child, mother: UUID, cadre: User, village: Village
) -> None:
    other = make_village("33.01.02.2010", "Karangkandri")
    both = make_user(Role.DISTRICT)
    with pytest.raises(NotFound):
        publish_scorecards(by=cadre, village_codes=[village.pk, other.pk], quarter=APRIL_TO_JUNE)
    assert not Scorecard.objects.exists()
    move_beneficiary(by=both, beneficiary_id=mother, village_code=other.pk, on=date(2024, 6, 10))
    first = publish_scorecard(by=cadre, village_code=village.pk, quarter=APRIL_TO_JUNE)
    cards = publish_scorecards(by=both, village_codes=[other.pk, village.pk], quarter=APRIL_TO_JUNE)
    assert [(card.village_id, card.people) for card in cards] == [(other.pk, 1), (village.pk, 1)]
    assert cards[1] == first
    assert read_cells(cards[0])[ScoreGroup.PREGNANT, ScoreIndicator.CHECK_UPS].yes == 1
    assert not read_cells(cards[0])[ScoreGroup.YOUNG_CHILD, ScoreIndicator.SAFE_WATER].applicable
    assert Scorecard.objects.count() == 2


def test_a_running_quarter_is_not_published(baby: Child, cadre: User, village: Village) -> None:
    with pytest.raises(Invalid, match="belum selesai"):
        publish_scorecard(by=cadre, village_code=village.pk, quarter=JULY_TO_SEPTEMBER)
    assert not Scorecard.objects.exists()


def test_only_an_officer_with_a_reason_opens_a_quarter_again(
    baby: Child, cadre: User, officer: User, village: Village
) -> None:
    publish_scorecard(by=cadre, village_code=village.pk, quarter=APRIL_TO_JUNE)
    asked: dict[str, Any] = {"village_code": village.pk, "quarter": APRIL_TO_JUNE}
    with pytest.raises(NotFound):
        withdraw_scorecard(by=cadre, reason="keliru", **asked)
    with pytest.raises(Invalid):
        withdraw_scorecard(by=officer, reason="", **asked)
    withdraw_scorecard(by=officer, reason="ditutup sebelum rekap", **asked)
    assert not Scorecard.objects.exists()
    assert ChangeLog.objects.filter(field="scorecard_2024_2", reason="ditutup sebelum rekap").exists()


def test_each_number_of_the_recap_opens_its_people(
    baby: Child, mother: UUID, village: Village, page: Client
) -> None:
    address = f"{reverse('kpm:scorecard')}?village={village.pk}&quarter=2024-2"
    content = page.get(address).content.decode()
    links = re.findall(r'<a href="(\?village[^"]+answer=[^"#]+)#people">(\d+)</a>', content)
    assert len(links) == 3 * (8 + 10)
    for link, count in links:
        listed = page.get(reverse("kpm:scorecard") + link.replace("&amp;", "&")).context["form"]
        assert len(listed) == int(count), link


def test_the_year_is_the_sum_of_its_quarters(baby: Child, village: Village) -> None:
    years = dict(ScorecardReport.load(village, APRIL_TO_JUNE).year())
    parts = [share for words, share in years.items() if words.startswith("Triwulan")]
    assert list(years) == ["Triwulan 1", "Triwulan 2", "Triwulan 3", "Tahun 2024"]
    assert years["Tahun 2024"].yes == sum(one.yes for one in parts)
    assert years["Tahun 2024"].applicable == sum(one.applicable for one in parts)


def test_another_village_is_not_there(baby: Child, page: Client) -> None:
    other = make_village("33.01.02.2010", "Karangkandri")
    assert page.get(f"{reverse('kpm:scorecard')}?village={other.pk}").status_code == 404
    page.post(reverse("kpm:scorecard_publish"), {"village": other.pk, "quarter": "2024-2"})
    assert not Scorecard.objects.exists()


@pytest.mark.parametrize("asked", ["quarter=2024-5", "quarter=x", "group=cats", "indicator=lessons"])
def test_an_unknown_choice_is_a_sentence(asked: str, village: Village, page: Client) -> None:
    assert page.get(f"{reverse('kpm:scorecard')}?village={village.pk}&{asked}").status_code == 400


def test_more_people_take_no_more_queries(baby: Child, cadre: User, village: Village) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        list_scored(village, APRIL_TO_JUNE)
    for number in range(5):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=BORN)
        serve(cadre, "counselling", date(2024, 4, 8), child_id=child.pk)
    with CaptureQueriesContext(connection) as many:
        assert len(list_scored(village, APRIL_TO_JUNE)) == 6
    assert len(many) == len(few)


def test_the_district_reads_the_same_page(baby: Child, officer: User, village: Village) -> None:
    answer = signed_in(officer).get(f"{reverse('kpm:scorecard')}?village={village.pk}&quarter=2024-2")
    assert answer.status_code == 200
