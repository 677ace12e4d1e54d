"""The form for a file that a phone saved: chosen at first, then carried along, sealed as it is."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpm.forms.fields import PlainForm
from kpm.outbox_file import MOST_CHARACTERS


class OutboxFileForm(PlainForm):
    """A file, or the text of one that was chosen before; ``confirm``: entries whose doubts are confirmed."""

    file = forms.FileField(
        label=_("Berkas kiriman"),
        help_text=_("Nama berkasnya kiriman-….json, disimpan dari halaman Kiriman di HP."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "application/json,.json", "class": "input"}),
    )
    text = forms.CharField(required=False, max_length=MOST_CHARACTERS, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if chosen := data.get("file"):
            content = chosen.read(MOST_CHARACTERS + 1)
            data["text"] = content.decode("utf-8", "replace")
        if not data.get("text") and not self.errors:
            self.add_error("file", _("Pilih berkasnya dulu."))
        return data

    @property
    def confirmed(self) -> dict[str, list[str]]:
        """Return by entry the codes that were ticked: each tick is ``ID CODE CODE``."""
        ticked = self.data.getlist("confirm")  # type: ignore[attr-defined]
        return {entry: codes for entry, *codes in (str(value).split() for value in ticked) if codes}
