"""The forms of services and of those whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, EntryIdField, PlainForm
from kpm.models import BeneficiaryEnd, BeneficiaryGroup
from kpm.scorecard.periods import Period
from kpm.service_ticks import ServiceTick
from registry.models import Child
from registry.validation_messages import spoken_date

_REASON = _("Tulis alasannya, misalnya “salah ketik”.")


class ServiceTickForm(PlainForm):
    """One of many buttons, the day that holds for all of them, and the number beside the button.

    The number of a person is in ``n-<uuid>``: tablets, or lessons attended of those ``held``.
    """

    id = EntryIdField()
    on = DayField(label=_("Tanggal layanan"))
    held = forms.IntegerField(
        label=_("PAUD dibuka (hari)"),
        min_value=0,
        max_value=31,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    tick = forms.CharField(
        max_length=120,
        required=False,
        widget=forms.HiddenInput,
        error_messages={"max_length": _("Tombol itu tidak ada.")},
    )

    def __init__(self, *args: Any, days: Period, on: date, **kwargs: Any) -> None:
        """Take services of ``days``; ``on`` is proposed."""
        kwargs.setdefault("initial", {"id": uuid4(), "on": on})
        super().__init__(*args, **kwargs)
        self.days = days

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on not in self.days:
            raise forms.ValidationError(_("Tanggal layanan harus di bulan yang sedang dibuka."))
        return on

    def clean_tick(self) -> ServiceTick | None:
        if not self.cleaned_data["tick"]:
            return None
        try:
            return ServiceTick.read(self.cleaned_data["tick"])
        except ValueError as error:
            raise forms.ValidationError(_("Tombol itu tidak ada.")) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        tick = data.get("tick")
        typed = self.data.get(f"n-{tick.person_id}", "").strip() if tick else ""
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= 3):
            raise forms.ValidationError(_("Jumlah ditulis dengan angka, misalnya 30."))
        return data | {"quantity": int(typed) if typed else None}


class BeneficiaryForm(PlainForm):
    """Somebody for whom services are: a pregnant woman, or one of a group that the district uses."""

    id = EntryIdField()
    group = forms.TypedChoiceField(label=_("Kelompok"), coerce=BeneficiaryGroup, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Nama"), max_length=120, error_messages={"required": _("Tulis namanya.")})
    birth_date = DayField(label=_("Tanggal lahir (boleh kosong)"), required=False)
    last_period = DayField(
        label=_("Hari pertama haid terakhir (HPHT)"),
        help_text=_("Untuk ibu hamil. Ada di Buku KIA; boleh perkiraan."),
        required=False,
    )
    rt = forms.CharField(label="RT", max_length=5, required=False)
    rw = forms.CharField(label="RW", max_length=5, required=False)

    def __init__(self, *args: Any, groups: Iterable[BeneficiaryGroup], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"id": uuid4(), "group": BeneficiaryGroup.PREGNANT})
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [(one.value, one.label) for one in groups]  # type: ignore[attr-defined]


class EditBeneficiaryForm(PlainForm):
    """What was typed wrong of somebody."""

    name, birth_date = BeneficiaryForm.base_fields["name"], BeneficiaryForm.base_fields["birth_date"]
    last_period = BeneficiaryForm.base_fields["last_period"]
    rt, rw = BeneficiaryForm.base_fields["rt"], BeneficiaryForm.base_fields["rw"]
    reason = forms.CharField(label=_("Mengapa diubah?"), max_length=200, error_messages={"required": _REASON})


class EndBeneficiaryForm(PlainForm):
    """Why and since when somebody is no longer on the list."""

    ended_by = forms.TypedChoiceField(
        label=_("Apa yang terjadi?"), coerce=BeneficiaryEnd, widget=forms.RadioSelect
    )
    on = DayField(label=_("Tanggalnya"))

    def __init__(self, *args: Any, is_pregnant: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of_pregnancy = (BeneficiaryEnd.DELIVERED, BeneficiaryEnd.LOST)
        ends = [one for one in BeneficiaryEnd if is_pregnant or one not in of_pregnancy]
        self.fields["ended_by"].choices = [(one.value, one.label) for one in ends]  # type: ignore[attr-defined]


class HouseholdForm(PlainForm):
    """With which child a child lives: one of those offered."""

    other = forms.TypedChoiceField(
        label=_("Tinggal serumah dengan"),
        coerce=UUID,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih anaknya."), "invalid_choice": _("Anak itu tidak ada di sini.")},
    )

    def __init__(self, *args: Any, children: Iterable[Child], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].choices = [(str(one.pk), _label_of(one)) for one in children]  # type: ignore[attr-defined]


def _label_of(child: Child) -> str:
    """Return what tells a child from others of its name: birth date, parent, RT and RW."""
    home = f"RT {child.rt or '–'} / RW {child.rw or '–'}" if child.rt or child.rw else ""
    said = (child.name, spoken_date(child.birth_date), child.parent_name, home)
    return ", ".join(part for part in said if part)


class ReopenBeneficiaryForm(PlainForm):
    """Why somebody is put on the list again."""

    reason = forms.CharField(label=_("Alasan"), max_length=200, error_messages={"required": _REASON})
