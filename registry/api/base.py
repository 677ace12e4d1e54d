"""What every view of the API shares: the user, how bodies are read, what caches may keep."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from registry.api.openapi import ApiSchema
from registry.models import User


class SafeJSONParser(JSONParser):
    """JSON nested so deeply that Python gives up is malformed as any other."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError as error:
            raise exceptions.ParseError from error


class NumberedPages(PageNumberPagination):
    """100 a page, up to 500 with ``?page_size=``."""

    page_size_query_param = "page_size"
    page_query_description: Any = _("halaman, mulai dari 1")
    page_size_query_description: Any = _("baris tiap halaman, 1 sampai 500; kalau kosong 100")
    max_page_size = 500


class Base(GenericAPIView[Any]):
    """A view of the API for every signed-in user."""

    schema = ApiSchema()
    parser_classes = [SafeJSONParser]
    pagination_class: type[NumberedPages] | None = NumberedPages

    @property
    def me(self) -> User:
        user = self.request.user
        if not isinstance(user, User):
            raise exceptions.NotAuthenticated
        return user

    def read_body(self, serializer: type[Any], *, partial: bool = False) -> dict[str, Any]:
        """Return the body, read by ``serializer``; ``partial``: any field may be missing.

        Raises ValidationError.
        """
        body = serializer(data={} if self.request.data is None else self.request.data, partial=partial)
        body.is_valid(raise_exception=True)
        found: dict[str, Any] = body.validated_data
        return found

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        # The reader asks again each time (304 when nothing changed), and no proxy keeps the answer.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class PeopleOnly(Base):
    """A view about children: it does not exist for a user who works with none."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not self.me.sees_people:
            raise exceptions.NotFound


class UnknownAddress(APIView):
    """Any other address below ``/api/v1/``: refused in the API's own shape."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise exceptions.NotFound

    def get(self, request: Request, rest: str) -> Response:
        raise exceptions.NotFound
