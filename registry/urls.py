"""The register's own pages: files coming in and going out, and what a monitor asks."""

from django.urls import path

from registry.exports.views import take_away
from registry.imports.views import column_views, step_views, upload_views
from registry.probes import answer_health, answer_metrics, answer_ready

app_name = "registry"

urlpatterns = [
    path("import/", upload_views.hand_in, name="import"),
    path("import/<uuid:upload_id>/", upload_views.show, name="import-file"),
    path("import/<uuid:upload_id>/commit/", step_views.commit, name="import-commit"),
    path("import/<uuid:upload_id>/state/", upload_views.state, name="import-state"),
    path("import/<uuid:upload_id>/check/", step_views.check_again, name="import-check"),
    path("import/<uuid:upload_id>/answers/", step_views.answer, name="import-answers"),
    path("import/<uuid:upload_id>/decisions/", step_views.decide, name="import-decide"),
    path("import/<uuid:upload_id>/columns/", column_views.choose, name="import-columns"),
    path("import/<uuid:upload_id>/take-back/", step_views.take_back, name="import-take-back"),
    path("import/<uuid:upload_id>/discard/", step_views.discard, name="import-discard"),
    path("export/", take_away, name="export"),
    path("health/", answer_health, name="health"),
    path("ready/", answer_ready, name="ready"),
    path("metrics", answer_metrics, name="metrics"),
]
