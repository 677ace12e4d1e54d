"""The register's own pages: files coming in and going out."""

from django.urls import path

from registry.spreadsheets.out.views import take_away
from registry.spreadsheets.pages import answering, columns, files, steps

app_name = "registry"

urlpatterns = [
    path("import/", files.hand_in, name="import"),
    path("import/<uuid:upload_id>/", files.show, name="import-file"),
    path("import/<uuid:upload_id>/commit/", steps.commit, name="import-commit"),
    path("import/<uuid:upload_id>/state/", files.state, name="import-state"),
    path("import/<uuid:upload_id>/check/", steps.check_again, name="import-check"),
    path("import/<uuid:upload_id>/answers/", answering.answer, name="import-answers"),
    path("import/<uuid:upload_id>/decisions/", answering.decide, name="import-decide"),
    path("import/<uuid:upload_id>/columns/", columns.choose, name="import-columns"),
    path("import/<uuid:upload_id>/take-back/", steps.take_back, name="import-take-back"),
    path("import/<uuid:upload_id>/discard/", steps.discard, name="import-discard"),
    path("export/", take_away, name="export"),
]
