"""Forms about who a child is, where it lives and whether it is still here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, NumberField, PlainForm
from registry.actions import Identity
from registry.growth.estimated_birth import birth_date_at_age
from registry.models import BirthDateBasis, ChildStatus, Posyandu, Sex, Village
from registry.validation_messages import lazy_refusal_message, refusal_message

SAME_NAMES = (
    "name",
    "birth_date",
    "birth_date_basis",
    "birth_weight_kg",
    "birth_length_cm",
    "gestation_weeks",
    "parent_name",
    "rt",
    "rw",
    "address",
    "growth_book",
)


_NOT_KEPT = {"autocomplete": "off"}
"""A shared phone's browser offers no child's words to the next one who types."""


class ChildForm(PlainForm):
    """Identity of a child."""

    name = forms.CharField(
        label=_("Nama anak"),
        max_length=120,
        help_text=_("Belum bernama? Tulis “By Ny” dan nama ibu."),
        widget=forms.TextInput(attrs=_NOT_KEPT),
        error_messages={"required": lazy_refusal_message("name_missing")},
    )
    sex = forms.TypedChoiceField(
        label=_("Jenis kelamin"),
        choices=Sex.choices,
        coerce=lambda value: Sex(int(value)),
        widget=forms.RadioSelect,
        error_messages={"required": lazy_refusal_message("sex_missing")},
    )
    birth_date = DayField(label=_("Tanggal lahir"), required=False)
    birth_date_basis = forms.TypedChoiceField(
        label=_("Yang diketahui"),
        choices=[
            (BirthDateBasis.DAY, _("tanggal lahirnya")),
            (BirthDateBasis.MONTH, _("hanya bulan dan tahunnya: pilih tanggal mana saja di bulan itu")),
            (BirthDateBasis.AGE, _("hanya umurnya: tulis di bawah")),
        ],
        coerce=BirthDateBasis,
        empty_value=BirthDateBasis.DAY,
        initial=BirthDateBasis.DAY,
        required=False,
    )
    age_months = forms.IntegerField(
        label=_("Umur hari ini (bulan penuh)"),
        min_value=0,
        max_value=83,
        required=False,
        help_text=_("Hanya kalau tanggal dan bulan lahirnya tidak diketahui."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "2"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), lazy_refusal_message("age_months")
        ),
    )
    parent_name = forms.CharField(
        label=_("Nama orang tua"), max_length=120, required=False, widget=forms.TextInput(attrs=_NOT_KEPT)
    )
    nik = forms.CharField(
        label=_("NIK anak"),
        help_text=_("16 angka. Kosongkan kalau belum ada."),
        max_length=25,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    posyandu = forms.TypedChoiceField(label=_("Posyandu"), coerce=int, empty_value=None, required=False)
    rt = forms.CharField(label=_("RT"), max_length=5, required=False, widget=forms.TextInput(attrs=_NOT_KEPT))
    rw = forms.CharField(label=_("RW"), max_length=5, required=False, widget=forms.TextInput(attrs=_NOT_KEPT))
    address = forms.CharField(
        label=_("Alamat"), max_length=200, required=False, widget=forms.TextInput(attrs=_NOT_KEPT)
    )
    growth_book = forms.TypedChoiceField(
        label=_("Memiliki buku KIA?"),
        choices=[("", _("belum ditanya")), ("1", _("ya")), ("0", _("tidak"))],
        coerce=lambda value: value == "1",
        empty_value=None,
        required=False,
    )
    birth_weight_kg = NumberField(label=_("Berat lahir"))
    birth_length_cm = NumberField(label=_("Panjang lahir"))
    gestation_weeks = forms.IntegerField(
        label=_("Usia kehamilan saat lahir"),
        help_text=_("Minggu penuh, dari buku KIA. Penting kalau lahir kurang bulan."),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "2"}),
        error_messages={"invalid": lazy_refusal_message("gestation")},
    )

    def __init__(self, *args: Any, village: Village, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posyandu = Posyandu.objects.filter(village=village).values_list("pk", "name")
        self.fields["posyandu"].choices = [("", _("tidak dicatat")), *posyandu]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Have the birth date, which an age may stand for."""
        data = super().clean() or {}
        months, born = data.get("age_months"), data.get("birth_date")
        if months is not None and (born is None or data.get("birth_date_basis") == BirthDateBasis.AGE):
            data["birth_date"] = birth_date_at_age(months, timezone.localdate())
            data["birth_date_basis"] = BirthDateBasis.AGE
        elif months is not None:
            self.add_error("age_months", refusal_message("age_beside_date"))
        elif data.get("birth_date") is None and not self.errors.keys() & {"birth_date", "age_months"}:
            self.add_error("birth_date", refusal_message("date_missing"))
        return data

    def identity(self, *, nik: str | None) -> Identity:
        """Return what was typed, for the action; only after ``is_valid()``."""
        data = self.cleaned_data
        return Identity(
            sex=data["sex"],
            nik=nik,
            posyandu_id=data["posyandu"],
            **{name: data[name] for name in SAME_NAMES},
        )


class MoveForm(PlainForm):
    """To which village, and from which day."""

    village = forms.ChoiceField(
        label=_("Pindah ke desa/kelurahan"), error_messages={"required": _("Pilih desa tujuannya.")}
    )
    moved_on = DayField(label=_("Tinggal di sana sejak"))

    def __init__(self, *args: Any, villages: Iterable[Village], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"moved_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        places = [(v.pk, f"{v.name} ({v.kecamatan})") for v in villages]
        self.fields["village"].choices = [("", _("pilih desa")), *places]  # type: ignore[attr-defined]


class CloseForm(PlainForm):
    """The child died or left the kabupaten."""

    status = forms.TypedChoiceField(
        label=_("Apa yang terjadi?"),
        choices=[(s.value, s.label) for s in (ChildStatus.MOVED, ChildStatus.DIED)],
        coerce=ChildStatus,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih: meninggal atau pindah keluar kabupaten.")},
    )
    on = DayField(label=_("Tanggalnya"))


class ReturnForm(PlainForm):
    """A child who left lives here again."""

    on = DayField(label=_("Tinggal di sini lagi sejak"))


class LifeEventForm(PlainForm):
    """On which day it happened, and why that is put right."""

    on = DayField(label=_("Tanggal yang benar"))
    reason = forms.CharField(label=_("Alasan (boleh kosong)"), max_length=200, required=False)
