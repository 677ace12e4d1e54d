"""The form of a village's posyandu days: a choice for each posyandu."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kpm.forms.fields import PlainForm
from registry.actions.posyandu_days import DAYS_OF_MONTH, NTH_WEEKDAYS, PosyanduDay
from registry.models import Posyandu, Village


class PosyanduDaysForm(PlainForm):
    """When each posyandu of a village opens: a day of the month, or such a weekday."""

    def __init__(self, village: Village, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posyandu = list(village.posyandu.order_by("name"))
        choices = list_day_choices()
        for one in self._posyandu:
            self.fields[str(one.pk)] = forms.ChoiceField(
                label=one.name, choices=choices, required=False, initial=_value_of(one)
            )

    def read_days(self) -> dict[int, PosyanduDay]:
        """Return the chosen day of each posyandu by its number."""
        return {one.pk: _read_day(self.cleaned_data[str(one.pk)]) for one in self._posyandu}


def list_day_choices() -> list[tuple[str, str]]:
    """Return every day that may be chosen, by its value in the form."""
    weekdays = [_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu")]
    nth = [_("pertama"), _("kedua"), _("ketiga"), _("keempat"), _("terakhir")]
    days = [(f"day-{day}", _("tanggal %(day)s") % {"day": day}) for day in DAYS_OF_MONTH]
    of_week = [
        (
            f"nth-{one}",
            _("%(weekday)s %(nth)s") % {"weekday": weekdays[one % 10 - 1], "nth": nth[one // 10 - 1]},
        )
        for one in NTH_WEEKDAYS
    ]
    return [("", _("belum diketahui")), *days, *of_week]


def _value_of(posyandu: Posyandu) -> str:
    if posyandu.day_of_month:
        return f"day-{posyandu.day_of_month}"
    return f"nth-{posyandu.nth_weekday}" if posyandu.nth_weekday else ""


def _read_day(value: str) -> PosyanduDay:
    kind, _separator, number = value.partition("-")
    if not number:
        return (None, None)
    return (int(number), None) if kind == "day" else (None, int(number))
