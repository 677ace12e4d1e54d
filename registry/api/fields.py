"""Fields that take exactly what the schema says and refuse the rest in a sentence.

REST framework's own accept a number for a UUID and ``"yes"`` for a truth, and quote what they were sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from registry.growth import PlausibilityFlag
from registry.nik import NikWarning

_COMMON = {
    "required": gettext_lazy("Isian ini wajib."),
    "null": gettext_lazy("Isian ini tidak boleh null."),
    "blank": gettext_lazy("Isian ini tidak boleh kosong."),
}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
_NUMBER = re.compile(r"-?\d{1,6}(\.\d{1,20})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class StrictField(serializers.Field):
    """A field that takes values of ``json_types`` alone, and no other type that means the same."""

    json_types: tuple[type, ...] = (str,)
    refused_as = "invalid"

    def to_internal_value(self, data: Any) -> Any:
        if type(data) not in self.json_types:
            self.fail(self.refused_as)
        return super().to_internal_value(data)


class Uuid(serializers.UUIDField):
    default_error_messages = {**_COMMON, "invalid": gettext_lazy("Harus berupa UUID, misalnya hasil uuid4.")}

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str) or not _UUID.fullmatch(data):
            self.fail("invalid")
        return UUID(data)


class Measure(serializers.DecimalField):
    """Kilograms or centimetres: a JSON number (or the same as text), with a point and no exponent."""

    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Harus berupa angka biasa dengan titik, misalnya 9.15."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=None, decimal_places=None, coerce_to_string=False, **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, (int, float, str)):
            self.fail("invalid")
        if not _NUMBER.fullmatch(text := str(data)):
            self.fail("invalid")
        return Decimal(text)


class Text(StrictField, serializers.CharField):
    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Harus berupa teks."),
        "max_length": gettext_lazy("Paling panjang {max_length} huruf."),
    }


class Truth(StrictField, serializers.BooleanField):
    json_types = (bool,)
    default_error_messages = {**_COMMON, "invalid": gettext_lazy("Harus true atau false.")}


class Whole(StrictField, serializers.IntegerField):
    json_types = (int,)
    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Harus berupa bilangan bulat."),
        "min_value": gettext_lazy("Paling kecil {min_value}."),
        "max_value": gettext_lazy("Paling besar {max_value}."),
    }


class Choice(StrictField, serializers.ChoiceField):
    refused_as = "invalid_choice"
    default_error_messages = {**_COMMON, "invalid_choice": gettext_lazy("Pilihan ini tidak ada.")}


class Day(StrictField, serializers.DateField):
    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2024-08-05."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, str) and not _DAY.fullmatch(data):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(StrictField, serializers.DateTimeField):
    """A moment between 1970, where a phone without a clock begins, and 2200."""

    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Tulis waktu menurut ISO 8601, misalnya 2024-08-05T09:30:00+07:00."),
    }
    _first, _last = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

    def to_internal_value(self, data: Any) -> datetime:
        try:
            moment = super().to_internal_value(data)
        except serializers.ValidationError:
            self.fail("invalid")
        if not self._first <= moment <= self._last:
            self.fail("invalid")
        return moment


class TrueOrList(serializers.Field):
    """True, or what somebody has looked at, as a list of texts: all of them, so that none is overlooked."""

    def to_internal_value(self, data: Any) -> bool | frozenset[Any]:
        if isinstance(data, bool):
            return data
        if not isinstance(data, list) or not all(isinstance(text, str) for text in data):
            self.fail("invalid")
        try:
            return frozenset(self.read_item(text) for text in data)
        except ValueError:
            self.fail("invalid")

    def read_item(self, text: str) -> Any:
        """Return what ``text`` stands for. Raises ValueError."""
        raise NotImplementedError

    def to_representation(self, value: Any) -> Any:
        return value


def _true_or_list_schema(item: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [{"type": "boolean"}, {"type": "array", "items": item}], "default": False}


@extend_schema_field(
    _true_or_list_schema({"type": "string", "enum": [str(doubt) for doubt in PlausibilityFlag]})
)
class Confirmed(TrueOrList):
    """True, or the codes of the doubts somebody has looked at."""

    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Harus true, false, atau daftar kode keraguan dari jawaban 422."),
    }

    def read_item(self, text: str) -> str:
        return str(PlausibilityFlag(text))


IDENTITY_DOUBTS = (
    "classes_turn",
    *(f"nik_{warning}" for warning in (NikWarning.IMPOSSIBLE, NikWarning.PARENT)),
)
"""Codes of what is asked before an identity is stored."""


@extend_schema_field(_true_or_list_schema({"type": "string", "enum": list(IDENTITY_DOUBTS)}))
class ConfirmedIdentity(TrueOrList):
    """True, or the codes of the questions about an identity that somebody has answered."""

    default_error_messages = Confirmed.default_error_messages

    def read_item(self, text: str) -> str:
        if text not in IDENTITY_DOUBTS:
            raise ValueError(text)
        return text


@extend_schema_field(_true_or_list_schema({"type": "string"}))
class OtherChildren(TrueOrList):
    """True, or the ids of the children alike that somebody has looked at, with the codes of other doubts."""

    default_error_messages = {
        **_COMMON,
        "invalid": gettext_lazy("Harus true, false, atau daftar id anak dan kode dari jawaban 422."),
    }

    def read_item(self, text: str) -> UUID | str:
        return text if text in IDENTITY_DOUBTS else UUID(text)


class Body(serializers.Serializer[Any]):
    """A body that may hold only what it declares: a misspelled field would else be lost in silence."""

    default_error_messages = {"invalid": gettext_lazy("Isi permintaan harus berupa objek JSON.")}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := [key for key in data if key not in self.fields]):
            raise serializers.ValidationError(
                {_printable(key): [_("Isian ini tidak dikenal. Periksa ejaannya.")] for key in unknown[:20]}
            )
        return super().to_internal_value(data)


def _printable(key: object) -> str:
    """Return a key as sent, cut, without the half characters that cannot be written in UTF-8."""
    return str(key)[:60].encode("utf-8", "replace").decode()
