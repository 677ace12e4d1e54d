"""The one field of the upload page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from registry.spreadsheets.read import too_large


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Berkas e-PPGBM"),
        help_text=_("Excel (.xlsx, .xls), ODS atau CSV, seperti diunduh dari e-PPGBM."),
        allow_empty_file=True,  # refused with a sentence of our own
        error_messages={
            "required": _("Pilih berkasnya dulu."),
            "missing": _("Pilih berkasnya dulu."),
            "invalid": _("Berkas tidak sampai. Pilih lagi, lalu unggah."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """The file, unless it is larger than may be read at all."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.SPREADSHEET_MAX_BYTES:
            raise forms.ValidationError(too_large().message, code="file_too_large")
        return file
