"""One row of a file of people: an officer with a place, or a cadre with her appointment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, PlainForm
from registry.models import Role, Sex

ROLE_WORDS = {
    **dict.fromkeys(("kader", "kpm", "cadre"), Role.CADRE),
    **dict.fromkeys(("bidan", "bidan desa", "midwife"), Role.MIDWIFE),
    "puskesmas": Role.PUSKESMAS,
    "kecamatan": Role.KECAMATAN,
    **dict.fromkeys(("kabupaten", "district"), Role.DISTRICT),
}
"""Whom a file may make. An administrator and another system are made one by one, in the admin."""

HEADINGS = {
    "username": ("nama pengguna", "username"),
    "full_name": ("nama lengkap", "nama", "full name"),
    "role": ("peran", "role"),
    "place": ("wilayah", "kode wilayah", "place"),
    "sex": ("jenis kelamin", "jk", "sex"),
    "phone": ("telepon", "nomor telepon", "phone"),
    "musyawarah_desa_date": ("musyawarah desa", "tanggal musyawarah desa", "village meeting"),
    "decree_number": ("nomor sk", "decree number"),
    "decree_date": ("tanggal sk", "decree date"),
    "term_start": ("mulai bertugas", "term start"),
    "term_end": ("hari terakhir bertugas", "term end"),
}
"""Field, and how the heading of its column is written."""

_SEX_WORDS = {"l": Sex.BOY, "m": Sex.BOY, "p": Sex.GIRL, "f": Sex.GIRL}


class PersonRowForm(PlainForm):
    """The cells of a row, read; which place it is, the command finds."""

    username = forms.RegexField(
        r"^[\w.@+-]+$",
        max_length=150,
        required=False,
        error_messages={"invalid": _("Nama pengguna: huruf, angka dan @ . + - _ saja, tanpa spasi.")},
    )
    full_name = forms.CharField(max_length=120, error_messages={"required": _("Nama lengkap kosong.")})
    role = forms.CharField(error_messages={"required": _("Peran kosong.")})
    place = forms.CharField(error_messages={"required": _("Wilayah kosong.")})
    sex = forms.CharField(required=False)
    phone = forms.CharField(max_length=20, required=False)
    musyawarah_desa_date = DayField(required=False)
    decree_number = forms.CharField(max_length=60, required=False)
    decree_date = DayField(required=False)
    term_start = DayField(required=False)
    term_end = DayField(required=False)

    def clean_role(self) -> Role:
        word = self.cleaned_data["role"].lower()
        if word not in ROLE_WORDS:
            raise forms.ValidationError(
                _("Peran “%(word)s” tidak dikenal. Tulis kader, bidan, puskesmas, kecamatan atau kabupaten.")
                % {"word": word[:20]}
            )
        return ROLE_WORDS[word]

    def clean_sex(self) -> Sex | None:
        word = self.cleaned_data["sex"].lower()
        if word and word not in _SEX_WORDS:
            raise forms.ValidationError(_("Jenis kelamin ditulis L atau P."))
        return _SEX_WORDS.get(word)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("role") == Role.CADRE and not data.get("term_start") and "term_start" not in self.errors:
            self.add_error("term_start", _("Mulai bertugas kosong; seorang kader memerlukannya."))
        if "role" in data and data["role"] != Role.CADRE and not data.get("username"):
            self.add_error(
                "username", _("Nama pengguna kosong; hanya kader yang mendapatnya dari kode desa.")
            )
        return data
