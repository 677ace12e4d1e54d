"""The list of beneficiaries of a village as a file: taken, and handed in to the imports of the register."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kpm.beneficiary_columns import CONDITIONS, SERVICES, titles
from kpm.beneficiary_import import BeneficiaryFiles
from kpm.exports_beneficiaries import beneficiaries_list
from kpm.views.choose_village import choose_village
from registry.access.decorators import people_required, user_of
from registry.access.loaders import find_village
from registry.access.reading import note_villages
from registry.errors import Refused
from registry.exports.response import export_response
from registry.imports import tasks, workflow
from registry.imports.views.forms import UploadForm


class BeneficiaryFileForm(UploadForm):
    """A list of beneficiaries, or form 2A or 2B."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["file"].label = gettext_lazy("Daftar sasaran, formulir 2A atau 2B")
        self.fields["file"].help_text = gettext_lazy(
            "Excel (.xlsx, .xls), ODS atau CSV, paling banyak 2.000 baris."
        )


@people_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Give the beneficiaries of ``?village=`` as a file; hand in one, which is checked first."""
    user, village = user_of(request), find_village(request)
    if village is None:
        return choose_village(request, _("Berkas sasaran desa mana?"), "")
    note_villages([village.pk])
    if file := export_response(request, {"beneficiaries": lambda: beneficiaries_list(user, village)}):
        return file
    form = (
        BeneficiaryFileForm(request.POST, request.FILES)
        if request.method == "POST"
        else BeneficiaryFileForm()
    )
    if form.is_valid():
        given = form.cleaned_data["file"]
        try:
            upload = workflow.create_upload(
                by=user,
                file_name=given.name,
                content=given.read(),
                kind=BeneficiaryFiles.kind,
                village=village,
            )
        except Refused as refused:
            form.add_error("file", refused.message)
        else:
            tasks.start_check(upload)
            return redirect("registry:import-file", upload_id=upload.pk)
    columns = [titles()[one] for one in (*SERVICES, *CONDITIONS)]
    context = {"form": form, "village": village, "columns": columns}
    return render(request, "kpm/beneficiary_files.html", context, status=400 if form.is_bound else 200)
