"""One shape for everything the API refuses: ``{"code", "detail", "errors"}`` and, for doubts, ``"doubts"``.

``code`` is for programs and never changes; ``detail`` is a sentence in the reader's language; ``errors``
names the fields with their sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from registry.access.reading import note_child
from registry.access.visible_places import PlaceNotVisible
from registry.accounts.closed_accounts import CLOSED, is_of_closed_account
from registry.actions.identity_changes import NIK
from registry.actions.identity_merge import ChangedMeanwhile, FieldConflict
from registry.actions.identity_questions import IdentityDoubtful
from registry.actions.reclassification import TurnedClass
from registry.api.measurement_schema import current_json
from registry.calendar_months import InvalidMonth
from registry.errors import (
    Conflict,
    Doubtful,
    NikUsed,
    NotFound,
    NotInForce,
    PossibleDuplicate,
    Refused,
)
from registry.models import Child, Sex
from registry.nik import mask_nik
from registry.validation_messages import doubt_message, refusal_message

BODY = "body"  # the name errors have that are about the whole body and no field of it


class TooLarge(exceptions.APIException):
    """The body is larger than the register reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class SignInLocked(exceptions.APIException):
    """Too many wrong passwords, by name, by address or by both."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "sign_in_locked"

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.wait = wait
        """Seconds."""


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Return the answer to what a view raised; None for the unknown, which Django logs as a fault of ours."""
    answer = refusal(error)
    if answer is None:
        return None
    set_rollback()
    if request := context.get("request"):
        if answer.status_code == 401 and is_of_closed_account(request._request):
            answer.data = envelope(CLOSED, refusal_message(CLOSED))
        # A refusal is JSON also where the reader asked for CSV.
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
    return answer


def refusal(error: Exception) -> Response | None:
    """Return the answer to an error that is somebody's input and no fault of ours; None for any other."""
    return _response_to_refusal(error) or _from_framework(error)


def envelope(code: str, detail: str, errors: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    return {"code": code, "detail": detail, "errors": dict(errors or {})}


def _response_to_refusal(error: Exception) -> Response | None:
    """Answer what the register itself refuses."""
    if isinstance(error, Refused):
        body = envelope(error.code, error.message, {error.field: [error.message]} if error.field else {})
        if isinstance(error, Doubtful):
            body["doubts"] = [{"code": str(code), "message": doubt_message(code)} for code in error.doubts]
        if isinstance(error, IdentityDoubtful):
            body["doubts"] = [{"code": one.code, "message": one.message} for one in error.questions]
            body["turned"] = [_turned_json(turn) for one in error.questions for turn in one.turned]
            missing = {"reason": [refusal_message("identity_reason_missing")]}
            body["errors"] = missing if error.lacks_reason else {}
        body |= _describe_others_work(error)
        if isinstance(error, (PossibleDuplicate, NikUsed)):
            body["children"] = [_alike(child) for child in error.children]
        if isinstance(error, PossibleDuplicate):
            for one, question in zip(body["children"], error.questions.values(), strict=True):
                one["question"] = question
        return Response(body, status=_refused_status(error))
    if isinstance(error, PlaceNotVisible):
        return Response(envelope("place_not_found", str(error)), status=404)
    if isinstance(error, InvalidMonth):
        return Response(envelope("invalid", str(error), {"month": [str(error)]}), status=400)
    return None


def _refused_status(error: Refused) -> int:
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Conflict):
        return 409
    return 422 if isinstance(error, (Doubtful, IdentityDoubtful, PossibleDuplicate)) else 400


def _describe_others_work(error: Refused) -> dict[str, Any]:
    """Return what somebody else has stored since, where that is the reason."""
    if isinstance(error, ChangedMeanwhile):
        return {
            "errors": {one.name: [error.message] for one in error.conflicts},
            "conflicts": [_conflict(one) for one in error.conflicts],
        }
    return {"current": current_json(error.measurement)} if isinstance(error, NotInForce) else {}


def _conflict(conflict: FieldConflict) -> dict[str, str]:
    """Return both values of a field that somebody else has changed; of a NIK neither is whole."""
    values = {"sent": conflict.typed, "stored": conflict.stored}
    if conflict.name == NIK:
        values = {name: mask_nik(value) for name, value in values.items()}
    return {"field": conflict.name, **values}


def _turned_json(turn: TurnedClass) -> dict[str, str]:
    """Return a class of a measurement that the sent birth date or sex turns into another."""
    return {
        "measurement": str(turn.measurement_id),
        "measured_on": turn.measured_on.isoformat(),
        "index": turn.index,
        "old": turn.old,
        "new": turn.new,
    }


def _alike(child: Child) -> dict[str, str]:
    """Return enough of a child to see whether it is the one that is being enrolled."""
    note_child(child.pk)
    return {
        "id": str(child.pk),
        "name": child.name,
        "sex": Sex(child.sex).letter,
        "birth_date": child.birth_date.isoformat(),
        "parent_name": child.parent_name,
        "village": str(child.village),
    }


def _from_framework(error: Exception) -> Response | None:
    """Answer what Django and REST framework refuse, in our words: theirs are half translated."""
    if isinstance(error, RequestDataTooBig):
        error = TooLarge()
    elif isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, exceptions.ValidationError):
        return _invalid(error)
    if not isinstance(error, exceptions.APIException):
        return None
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{wait:.0f}"
    code, sentence = _sentence(error)
    return Response(envelope(code, sentence), status=error.status_code, headers=headers)


def _sentence(error: exceptions.APIException) -> tuple[str, str]:
    """Return the code and the sentence of an error without fields."""
    words: dict[type[exceptions.APIException], str] = {
        exceptions.ParseError: _("Isi permintaan bukan JSON yang benar. Periksa kurung, kutip dan koma."),
        exceptions.NotAuthenticated: _("Masuk dulu: kirim token di header Authorization."),
        exceptions.AuthenticationFailed: _("Token ini tidak berlaku lagi. Masuk lagi untuk token baru."),
        exceptions.PermissionDenied: _(
            "Permintaan ini tidak diizinkan. Muat ulang (tarik layar ke bawah), lalu kirim lagi."
        ),
        exceptions.NotFound: _("Tidak ada di wilayah kerja Anda, atau alamatnya salah."),
        exceptions.MethodNotAllowed: _("Alamat ini tidak menerima cara itu. Lihat docs/api.md."),
        exceptions.NotAcceptable: _("Format jawaban yang diminta tidak ada. Minta application/json."),
        exceptions.UnsupportedMediaType: _("Kirim isi sebagai application/json."),
        exceptions.Throttled: _("Terlalu banyak permintaan. Tunggu sebentar, lalu coba lagi."),
        TooLarge: _("Isi permintaan terlalu besar. Kirim dalam beberapa bagian."),
        SignInLocked: _(
            "Sudah terlalu sering salah masuk dengan nama ini atau dari alamat ini. "
            "Tunggu selama Retry-After."
        ),
    }
    for kind, sentence in words.items():
        if isinstance(error, kind):
            return str(kind.default_code), sentence
    return str(error.default_code), _("Permintaan ini ditolak.")


def _invalid(error: exceptions.ValidationError) -> Response:
    errors: dict[str, list[str]] = {}
    for name, sentence in _flat(error.detail, BODY):
        errors.setdefault(name, []).append(sentence)
    sentences = [sentence for found in errors.values() for sentence in found]
    first = sentences[0] if len(sentences) == 1 else _("Ada isian yang perlu diperbaiki. Lihat tiap isian.")
    return Response(envelope("invalid", first, errors), status=400)


def _flat(detail: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield field and sentence of each error; a field inside another is written ``outer.inner``."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            inner = BODY if key == "non_field_errors" else str(key)
            yield from _flat(value, inner if name == BODY else f"{name}.{inner}")
    elif isinstance(detail, list):
        for value in detail:
            yield from _flat(value, name)
    else:
        yield name, str(detail)
