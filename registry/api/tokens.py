"""Signing in and out for programs: a token by name and password, one a device, stored as a hash."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from knox.auth import TokenAuthentication
from knox.models import get_token_model
from knox.settings import knox_settings
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle

from registry.api.base import Base
from registry.api.errors import SignInLocked, envelope
from registry.api.fields import Body, Text
from registry.api.openapi import refusals
from registry.models import User


class SignInBody(Body):
    username = Text(max_length=150, help_text=gettext_lazy("nama pengguna"))
    password = Text(max_length=256, trim_whitespace=False, help_text=gettext_lazy("kata sandi"))


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text=gettext_lazy("dikirim sebagai `Authorization: Token …`"))
    expires_at = serializers.DateTimeField(help_text=gettext_lazy("sesudah ini token tidak berlaku"))


class SignInThrottle(SimpleRateThrottle):
    """Attempts from one address, whatever name they try; axes counts those for one name."""

    scope = "sign_in"
    rate = "30/min"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


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
            "Token berlaku 90 hari. Paling banyak 10 token seorang: yang baru mengakhiri yang tertua."
        ),
        auth=[],
        request=SignInBody,
        responses={201: TokenSerializer, **refusals(429)},
    )
    def post(self, request: Request) -> Response:
        user = self._signed_in(request)
        if user is None:
            sentence = _("Nama pengguna atau kata sandi salah.")
            return Response(envelope("wrong_password", sentence), status=400)
        row, token = get_token_model().objects.create(user=user, expiry=knox_settings.TOKEN_TTL)
        _end_oldest(user)
        return Response({"token": token, "expires_at": row.expiry.isoformat()}, status=201)

    @extend_schema(
        operation_id="token_destroy",
        summary=gettext_lazy("Keluar: akhiri token ini"),
        auth=[{"knoxApiToken": []}],  # type: ignore[list-item]
        responses={204: OpenApiResponse(description=gettext_lazy("Token berakhir."))},
    )
    def delete(self, request: Request) -> Response:
        request.auth.delete()
        user_logged_out.send(sender=User, request=request._request, user=request.user)
        return Response(status=204)

    def _signed_in(self, request: Request) -> User | None:
        sent = self.parsed(SignInBody)
        raw = request._request
        user = authenticate(raw, username=sent["username"], password=sent["password"])
        if getattr(raw, "axes_locked_out", False):
            raw.axes_locked_out = False  # type: ignore[attr-defined]  # else axes answers with its page
            raise SignInLocked
        if not isinstance(user, User):
            return None
        user_logged_in.send(sender=User, request=raw, user=user)
        return user


def _end_oldest(user: User) -> None:
    """Keep the newest tokens of the user, as many as one may have."""
    limit = knox_settings.TOKEN_LIMIT_PER_USER
    if limit is None:
        return
    tokens = get_token_model().objects.filter(user=user).order_by("-created", "pk")
    for token in tokens[limit:]:
        token.delete()
