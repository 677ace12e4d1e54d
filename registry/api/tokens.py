"""Signing in and out for programs: a token by name and password, one a device, stored as a hash."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.auth import TokenAuthentication
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from registry.access.periods import find_user_period
from registry.accounts.attempts import count_seconds_locked, find_client_address
from registry.accounts.second_factor import CodeForm, has_second_factor, needs_second_factor
from registry.actions.api_tokens import create_token, end_token
from registry.api.base import Base
from registry.api.errors import SignInLocked, envelope
from registry.api.fields import Body, Text
from registry.api.openapi import refusals
from registry.models import User
from registry.validation_messages import refusal_message

_STATUS_OF_FACTOR = {
    "second_factor_needed": 400,
    "second_factor_wrong": 400,
    "second_factor_not_set_up": 403,
}


class SignInBody(Body):
    username = Text(max_length=150, help_text=gettext_lazy("nama pengguna"))
    password = Text(max_length=256, trim_whitespace=False, help_text=gettext_lazy("kata sandi"))
    code = Text(
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "kode aplikasi autentikator atau kode cadangan, untuk yang memakai langkah kedua"
        ),
    )


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text=gettext_lazy("dikirim sebagai `Authorization: Token …`"))
    expires_at = serializers.DateTimeField(help_text=gettext_lazy("setelah ini token tidak berlaku"))


class SignInThrottle(SimpleRateThrottle):
    """Sign-ins from one address, right or wrong; ``registry.accounts.attempts`` counts those that fail."""

    scope = "sign_in"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": find_client_address(request._request)}


class TokenUnlessSigningIn(TokenAuthentication):
    """An old token sent along with name and password says nothing."""

    def authenticate(self, request: Request) -> Any:
        return None if request.method == "POST" else super().authenticate(request)


class SignedInUnlessSigningIn(IsAuthenticated):
    def has_permission(self, request: Request, view: Any) -> bool:
        return request.method == "POST" or super().has_permission(request, view)


class TokenView(Base):
    """``POST`` signs in, ``DELETE`` ends the token it is called with."""

    authentication_classes = [TokenUnlessSigningIn]
    permission_classes = [SignedInUnlessSigningIn]

    def get_throttles(self) -> list[BaseThrottle]:
        return [SignInThrottle()] if self.request.method == "POST" else super().get_throttles()

    @extend_schema(
        operation_id="token_create",
        summary=gettext_lazy("Masuk: minta token"),
        description=gettext_lazy(
            "Token berlaku 90 hari. Paling banyak 10 token seorang: yang baru mengakhiri yang tertua. Siapa "
            "yang hari ini tidak bertugas di mana pun tidak mendapat token. Petugas kecamatan, kabupaten dan "
            "administrator mengirim `code` juga: tanpa itu 400 `second_factor_needed`, salah 400 "
            "`second_factor_wrong`, belum disiapkan 403 `second_factor_not_set_up`."
        ),
        auth=[],
        request=SignInBody,
        responses={201: TokenSerializer, **refusals(429)},
    )
    def post(self, request: Request) -> Response:
        sent = self.read_body(SignInBody)
        user = self._authenticate(request, sent)
        if user is None:
            sentence = _("Nama pengguna atau kata sandi salah.")
            return Response(envelope("wrong_password", sentence), status=400)
        if refused := self._find_missing_factor(user, sent):
            return Response(envelope(refused, refusal_message(refused)), status=_STATUS_OF_FACTOR[refused])
        user_logged_in.send(sender=User, request=request._request, user=user)
        if user.must_change_password:
            code = "password_must_change"
            return Response(envelope(code, refusal_message(code)), status=400)
        if not user.roles:
            period = find_user_period(user)
            sentence = refusal_message(period.state, **period.values)
            return Response(envelope(period.state, sentence), status=403)
        token, expires_at = create_token(user)
        answer = {"token": token, "expires_at": expires_at.isoformat()}
        return Response(answer, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(
        operation_id="token_destroy",
        summary=gettext_lazy("Keluar: akhiri token ini"),
        auth=[{"knoxApiToken": []}],  # type: ignore[list-item]
        responses={204: OpenApiResponse(description=gettext_lazy("Token berakhir."))},
    )
    def delete(self, request: Request) -> Response:
        end_token(request.auth)
        user_logged_out.send(sender=User, request=request._request, user=request.user)
        return Response(status=204)

    def _authenticate(self, request: Request, sent: dict[str, Any]) -> User | None:
        raw = request._request
        user = authenticate(raw, username=sent["username"], password=sent["password"])
        self._require_not_locked(sent)
        return user if isinstance(user, User) else None

    def _find_missing_factor(self, user: User, sent: dict[str, Any]) -> str:
        """Return the code of what lacks of a second factor; empty where none is needed or it is right."""
        if not has_second_factor(user):
            return "second_factor_not_set_up" if needs_second_factor(user) else ""
        if "code" not in sent:
            return "second_factor_needed"
        form = CodeForm({"code": sent["code"]}, user=user)
        if not form.is_valid():
            self._require_not_locked(sent)
            return "second_factor_wrong"
        form.authenticator.record_usage()
        return ""

    def _require_not_locked(self, sent: dict[str, Any]) -> None:
        """Raise SignInLocked where too many passwords or codes were wrong."""
        raw = self.request._request
        if getattr(raw, "axes_locked_out", False):
            raw.axes_locked_out = False  # type: ignore[attr-defined]  # otherwise axes answers with its page
            raise SignInLocked(count_seconds_locked(raw, sent))
