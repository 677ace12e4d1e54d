"""Forms for what a parent agrees to, and no longer agrees to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import DayField, PlainForm
from registry.models import ConsentMethod, ConsentText, ParentRelation


class ParentForm(PlainForm):
    """Which parent said it, and when."""

    relation = forms.TypedChoiceField(
        label=_("Siapa yang menyatakan?"),
        choices=ParentRelation.choices,
        coerce=ParentRelation,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih: ibu, ayah atau wali.")},
    )
    person_name = forms.CharField(
        label=_("Namanya"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Tulis nama ibu, ayah atau walinya.")},
    )
    on = DayField(label=_("Tanggalnya"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate


class ConsentForm(ParentForm):
    """A parent agreed: to which version, and how."""

    method = forms.TypedChoiceField(
        label=_("Bagaimana?"),
        choices=ConsentMethod.choices,
        coerce=ConsentMethod,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih: ditandatangani di kertas, atau lisan di depan saksi.")},
    )
    version = forms.TypedChoiceField(label=_("Versi naskah"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        texts = ConsentText.objects.in_use_on(timezone.localdate())
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (
                text.version,
                _("%(version)s, sejak %(day)s")
                % {"version": text.version, "day": date_format(text.since, "j F Y")},
            )
            for text in texts
        ]
