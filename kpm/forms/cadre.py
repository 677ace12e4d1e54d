"""The forms that appoint a KPM and end a term."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, PlainForm
from kpm.models.cadre import ADULT_SEXES
from registry.models import Sex, Village

TERM_ENDS_ACCESS = _(
    "Malam itu akses akunnya ke data desa ini berakhir. Kosongkan kalau belum ditentukan dalam SK."
)
TERM_STARTS_ACCESS = _("Mulai hari itu, tidak sebelumnya, akunnya bisa membuka data desa ini.")


class PapersForm(PlainForm):
    """By which musyawarah desa and decree somebody is KPM."""

    musyawarah_desa_date = DayField(label=_("Tanggal musyawarah desa"), required=False)
    decree_number = forms.CharField(label=_("Nomor SK kepala desa"), max_length=60, required=False)
    decree_date = DayField(label=_("Tanggal SK"), required=False)


class PapersChangeForm(PapersForm):
    """The same, put right for a reason."""

    reason = forms.CharField(
        label=_("Alasan"), max_length=200, error_messages={"required": _("Tulis mengapa ini berubah.")}
    )


class AppointmentForm(PapersForm):
    """Who becomes KPM where, by which decree, from when to when."""

    village = forms.ChoiceField(label=_("Desa"), error_messages={"required": _("Pilih desanya.")})
    full_name = forms.CharField(
        label=_("Nama lengkap"),
        max_length=120,
        error_messages={"required": _("Tulis nama lengkap KPM.")},
    )
    sex = forms.TypedChoiceField(
        label=_("Jenis kelamin"),
        choices=ADULT_SEXES,
        coerce=lambda value: Sex(int(value)),
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(label=_("Nomor telepon"), max_length=20, required=False)
    term_start = DayField(label=_("Mulai bertugas"), help_text=TERM_STARTS_ACCESS)
    term_end = DayField(label=_("Hari terakhir bertugas"), required=False, help_text=TERM_ENDS_ACCESS)
    username = forms.CharField(
        label=_("Nama pengguna"),
        help_text=_(
            "Akun yang sudah ada, kalau ada. Kosongkan kalau belum: akun baru dibuat di halaman berikut."
        ),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, villages: Iterable[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(v.pk, f"{v.name} ({v.kecamatan})") for v in villages]
        self.fields["village"].choices = [("", _("pilih desa")), *places]  # type: ignore[attr-defined]


class TermEndForm(PlainForm):
    """The last day of a term, and why it ends or goes on."""

    on = DayField(label=_("Hari terakhir bertugas"), required=False, help_text=TERM_ENDS_ACCESS)
    handed_over_on = DayField(
        label=_("Serah terima pada"), required=False, help_text=_("Kosongkan kalau belum ada serah terima.")
    )
    handover_note = forms.CharField(
        label=_("Kepada siapa, apa yang diserahkan"),
        help_text=_("Misalnya: kepada KPM baru, buku catatan dan daftar kasus."),
        max_length=300,
        required=False,
    )
    reason = forms.CharField(
        label=_("Alasan"),
        help_text=_("Misalnya: masa SK habis, mengundurkan diri, diganti musyawarah desa."),
        max_length=200,
        error_messages={"required": _("Tulis mengapa hari terakhirnya ditetapkan atau berubah.")},
    )
