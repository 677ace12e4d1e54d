"""The forms of an audit: why a case is chosen, its causes, a decision, its last day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.audit_actions import CauseFinding
from kpm.forms.fields import DayField, PlainForm
from kpm.models import PACKAGE_WORDS, CaseAudit
from kpm.scorecard.indicators import ServicePackage


class AuditChoiceForm(PlainForm):
    """Why this case; the puskesmas may leave it empty."""

    reason = forms.CharField(
        label=_("Mengapa kasus ini dipilih?"),
        help_text=_("Misalnya: sangat pendek dan belum membaik setelah enam bulan."),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AuditCausesForm(PlainForm):
    """For each of the five packages whether it contributes, and how."""

    def __init__(self, audit: CaseAudit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {cause.package: cause for cause in audit.causes.all()}
        for package, words in PACKAGE_WORDS.items():
            cause = known.get(package)
            self.fields[package] = forms.TypedChoiceField(
                label=words,
                choices=[("yes", _("berperan")), ("no", _("tidak berperan"))],
                coerce=lambda value: value == "yes",
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=("yes" if cause.contributes else "no") if cause else None,
            )
            self.fields[f"{package}_note"] = forms.CharField(
                label=_("Penjelasan: %(package)s") % {"package": words},
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
                initial=cause.note if cause else "",
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for package in PACKAGE_WORDS:
            if data.get(f"{package}_note") and data.get(package) is None and package not in self.errors:
                self.add_error(package, _("Pilih berperan atau tidak."))
        return data

    def read_findings(self) -> list[CauseFinding]:
        """Return what was said of the packages; nothing of those that nobody has judged."""
        said = self.cleaned_data
        return [
            CauseFinding(package, said[package], said[f"{package}_note"])
            for package in ServicePackage
            if said[package] is not None
        ]


class AuditDecisionForm(PlainForm):
    """What is done, by whom, until when, and when it was done."""

    text = forms.CharField(
        label=_("Apa yang diputuskan?"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Tulis apa yang diputuskan.")},
    )
    responsible = forms.CharField(
        label=_("Siapa yang mengerjakannya?"),
        help_text=_("Jabatan atau lembaga: bidan desa, kepala desa, Dinas PUPR."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Tulis siapa yang mengerjakannya.")},
    )
    due_on = DayField(label=_("Paling lambat"))
    done_on = DayField(label=_("Sudah dikerjakan pada"), required=False)


class AuditConclusionForm(PlainForm):
    """The day on which an audit was concluded; empty opens it again."""

    on = DayField(
        label=_("Selesai pada"), required=False, help_text=_("Kosongkan untuk membuka audit ini lagi.")
    )
