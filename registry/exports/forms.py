"""What an officer asks for when taking data away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.access.nik_policy import MIN_REASON_LENGTH, can_see_nik
from registry.access.visible_places import Place, place_code
from registry.calendar_months import InvalidMonth, parse_month
from registry.models import LAYOUTS, District, ExportForm, Kecamatan, Puskesmas, User, Village

Choices = list[tuple[str, str] | tuple[str, list[tuple[str, str]]]]


class MonthField(forms.CharField):
    """``2024-08`` as the first day of that month; None when left empty."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2024-08"})

    def clean(self, value: str | None) -> date | None:
        text = str(super().clean(value) or "").strip()
        if not text:
            return None
        try:
            return parse_month(text)
        except InvalidMonth as error:
            raise forms.ValidationError(str(error)) from error


class ExportRequestForm(forms.Form):
    """Whether somebody may have it is for ``export`` to say; here it is only read."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Isi berkas"), choices=[(kind.value, kind.label) for kind in LAYOUTS]
    )
    place = forms.ChoiceField(label=gettext_lazy("Wilayah"))
    month_from = MonthField(
        label=gettext_lazy("Dari bulan"), required=False, help_text=gettext_lazy("Kosong: sejak awal.")
    )
    month_to = MonthField(
        label=gettext_lazy("Sampai bulan"), required=False, help_text=gettext_lazy("Kosong: sampai sekarang.")
    )
    form = forms.ChoiceField(
        label=gettext_lazy("Format berkas"),
        choices=[(form.value, form.label) for form in (ExportForm.XLSX, ExportForm.XLS, ExportForm.CSV)],
        help_text=gettext_lazy(
            "Sigizi meminta Excel 97-2003 (.xls). CSV dibuka Excel dengan NIK yang rusak."
        ),
        initial=ExportForm.XLSX,
    )
    unmasked = forms.BooleanField(
        label=gettext_lazy("Dengan NIK utuh"),
        required=False,
        help_text=gettext_lazy("Untuk puskesmas, kabupaten dan administrator, dengan alasan di bawah ini."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Untuk apa"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Perlu untuk lebih dari satu desa. Dicatat bersama nama Anda."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["place"]
        if not isinstance(place, forms.ChoiceField):
            raise TypeError("place is chosen from a list")
        place.choices = places_of(user)
        self.fields["reason"].widget.attrs["minlength"] = MIN_REASON_LENGTH
        if not can_see_nik(user):
            del self.fields["unmasked"]
        if user.area(people=True).is_one_village:
            del self.fields["reason"]


def places_of(user: User) -> Choices:
    """Return the places of which ``user`` may take data away, widest first, by level."""
    area = user.area(people=True)
    villages = Village.objects.with_people_visible_to(user).select_related("kecamatan")
    kecamatan = Kecamatan.objects.filter(pk__in=area.kecamatan) | Kecamatan.objects.filter(
        district__in=area.districts
    )
    puskesmas = Puskesmas.objects.filter(pk__in=area.puskesmas) | Puskesmas.objects.filter(
        kecamatan__in=kecamatan
    )
    found = (
        (_("Kabupaten"), _place_choices(District.objects.filter(pk__in=area.districts).order_by("pk"))),
        (_("Kecamatan"), _place_choices(kecamatan.order_by("name"))),
        (_("Puskesmas"), _place_choices(puskesmas.order_by("name"))),
        (
            _("Desa/kelurahan"),
            [(v.pk, f"{v.name} ({v.kecamatan.name})") for v in villages.order_by("name", "pk")],
        ),
    )
    return [(level, places) for level, places in found if places]


def _place_choices(places: Iterable[Place]) -> list[tuple[str, str]]:
    return [(place_code(place), place.name) for place in places]
