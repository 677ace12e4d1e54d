"""Inputs as a cadre types them: decimals with a comma or a point, days, and refusals next to their field."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kpm.templatetags.site import amount
from registry.errors import Refused
from registry.validation_messages import lazy_refusal_message, refusal_message

T = TypeVar("T")

_NUMBER = re.compile(r"(\d{1,4})(?:[.,](\d{0,3}))?", re.ASCII)


class NumberField(forms.CharField):
    """A positive decimal; comma or point, never a thousands mark: 1.234 is one and a bit.

    ``forms.DecimalField(localize=True)`` would read 1.234 as one thousand two hundred thirty-four.
    """

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "8"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attrs))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise ValidationError(refusal_message("number", text=text[:12]))
        return Decimal(f"{match[1]}.{match[2] or 0}")

    def prepare_value(self, value: Any) -> Any:
        return amount(value) if isinstance(value, Decimal) else value


class DayField(forms.DateField):
    """A day, chosen in the phone's own calendar or typed as 31/12/2024 where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"})
        )
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"])
        messages = {
            "required": lazy_refusal_message("date_missing"),
            "invalid": _("Tanggal itu tidak dikenal. Tulis hari/bulan/tahun, misalnya 31/12/2024."),
        }
        kwargs.setdefault("error_messages", messages)
        super().__init__(**kwargs)


class EntryIdField(forms.UUIDField):
    """The id of what is being entered, made when its form is drawn: sending twice stores once."""

    def __init__(self, **kwargs: Any) -> None:
        broken = _("Halaman ini sudah terlalu lama dibuka. Buka lagi, lalu isi ulang.")
        kwargs.setdefault("error_messages", {"required": broken, "invalid": broken})
        super().__init__(widget=forms.HiddenInput, **kwargs)


class PlainForm(forms.Form):
    """A form without the browser's own bubbles: every refusal is a sentence on the page."""

    use_required_attribute = False
    refusal: Refused | None = None  # what the action said, for pages that show more of it than its sentence

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def submit(form: PlainForm, action: Callable[[], T]) -> T | None:
    """Return what ``action`` gives for a valid form, None for a form that has something to put right.

    A refusal of the action is shown next to the field it is about, or above the form.
    """
    if not form.is_valid():
        return None
    try:
        return action()
    except Refused as refused:
        form.refusal = refused
        form.add_error(refused.field if refused.field in form.fields else None, refused.message)
        return None
