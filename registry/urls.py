"""The register's own pages: files coming in and going out."""

from django.urls import path

from registry.spreadsheets import views
from registry.spreadsheets.out.views import take_away

app_name = "registry"

urlpatterns = [
    path("import/", views.hand_in, name="import"),
    path("import/<uuid:upload_id>/", views.show, name="import-file"),
    path("import/<uuid:upload_id>/commit/", views.commit, name="import-commit"),
    path("import/<uuid:upload_id>/state/", views.state, name="import-state"),
    path("import/<uuid:upload_id>/check/", views.check_again, name="import-check"),
    path("import/<uuid:upload_id>/take-back/", views.take_back, name="import-take-back"),
    path("import/<uuid:upload_id>/discard/", views.discard, name="import-discard"),
    path("export/", take_away, name="export"),
]
