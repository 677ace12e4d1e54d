"""Who calls the API with a token."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from registry.accounts.second_factor import needs_second_factor, was_token_made_with_second_factor
from registry.models import User


class FactorTokenAuthentication(TokenAuthentication):
    """A token; of a user who needs a second factor only one that was asked for with it."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, Any]:
        user, row = super().authenticate_credentials(token)
        if needs_second_factor(user) and not was_token_made_with_second_factor(row):
            raise AuthenticationFailed
        return user, row


class FactorTokenScheme(KnoxTokenScheme):
    """Describes these tokens in the schema as knox's own."""

    target_class = "registry.api.authentication.FactorTokenAuthentication"
