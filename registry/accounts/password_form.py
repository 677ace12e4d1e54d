"""The form of one's own new password."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from registry.validation_messages import refusal_message


class PasswordAgainForm(ReauthenticateForm):
    """The password of who is signed in."""

    password = forms.CharField(
        label=_("Kata sandi"),
        label_suffix="",
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPasswordForm(PasswordChangeForm):
    """The old password and twice a new one, which has to be another."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = _(
            "Paling sedikit 10 huruf atau angka, jangan angka saja dan jangan nama Anda."
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("old_password") and data.get("old_password") == data.get("new_password1"):
            self.add_error("new_password1", refusal_message("password_same"))
        return data
