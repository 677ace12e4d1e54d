"""The services of a village and month by name, as rows to take away. The NIK is in none of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.scorecard.indicators import ScoredService
from kpm.service_month import ServedPerson, ServiceMonth, conditions_of
from registry.access.withheld import leave_out_withheld
from registry.exports.cell_formatting import yes_no
from registry.exports.page_table import DataSubjects, ExportTable, Value, list_columns, withheld_note
from registry.models import Child, User


def services_list(
    user: User, found: ServiceMonth, people: Iterable[ServedPerson], lack: ScoredService | None
) -> ExportTable:
    """Return the people of a tab with the day of each service and each answer, for a file of ``user``."""
    shown, withheld = leave_out_withheld(user, people, lambda one: one.person.pk)
    services = [service for service, _had, _due in found.shares()]
    conditions = conditions_of(shown[0].person) if shown else []
    names = [*(SERVICE_WORDS[one] for one in services), *(CONDITION_WORDS[one] for one in conditions)]
    header = (
        *(_("Nama"), _("Tanggal lahir"), _("Orang tua"), _("Posyandu"), "RT", "RW", _("HPHT")),
        *(capfirst(str(words)) for words in names),
    )
    rows: list[tuple[Value, ...]] = [
        (
            *_describe(one),
            *(one.had.get(service) for service in services),
            *(yes_no(one.conditions[condition]) for condition in conditions),
        )
        for one in shown
    ]
    return ExportTable(
        "services",
        list_columns(header),
        rows,
        part=found.village.pk,
        month=found.month,
        filtered_by="-".join(filter(None, (found.tab.value, lack.value if lack else ""))),
        about=[
            (_("Desa/kelurahan"), f"{found.village.name} ({found.village.pk})"),
            (_("Bulan"), date_format(found.month, "F Y")),
            (_("Kelompok"), found.tab.words),
            *withheld_note(withheld),
        ],
        subjects=DataSubjects(found.village, sum(one.is_child for one in shown), withheld),
    )


def _describe(one: ServedPerson) -> tuple[Value, ...]:
    person = one.person
    if isinstance(person, Child):
        posyandu = person.posyandu.name if person.posyandu else ""
        return (person.name, person.birth_date, person.parent_name, posyandu, person.rt, person.rw, None)
    return (person.name, person.birth_date, "", "", person.rt, person.rw, person.last_period)
