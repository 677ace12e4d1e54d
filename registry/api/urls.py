"""Addresses of the REST API, version 1. An id or code in another spelling leads to nothing: 404."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter
from drf_spectacular.views import SpectacularAPIView

from registry.api import base, batch, children, measurements, places, summaries, tokens


class CodeConverter(StringConverter):
    """A Kemendagri code: ASCII digits and points."""

    regex = "[0-9.]{1,13}"


register_converter(CodeConverter, "code")

app_name = "api"
urlpatterns = [
    path("token/", tokens.TokenView.as_view(), name="token"),
    path("villages/", places.VillageList.as_view(), name="villages"),
    path("villages/<code:code>/", places.VillageDetail.as_view(), name="village"),
    path("villages/<code:code>/summary/", summaries.VillageSummary.as_view(), name="village_summary"),
    path("kecamatan/<code:code>/summary/", summaries.KecamatanSummary.as_view(), name="kecamatan_summary"),
    path("district/summary/", summaries.DistrictSummary.as_view(), name="district_summary"),
    path("summaries/", summaries.Summaries.as_view(), name="summaries"),
    path("children/", children.ChildList.as_view(), name="children"),
    path("children/search/", children.ChildSearch.as_view(), name="child_search"),
    path("children/<uuid:id>/", children.ChildDetail.as_view(), name="child"),
    path("children/<uuid:id>/measurements/", children.ChildMeasurements.as_view(), name="child_measurements"),
    path("measurements/", measurements.MeasurementCreate.as_view(), name="measurements"),
    path("measurements/batch/", batch.MeasurementBatch.as_view(), name="measurements_batch"),
    path("measurements/<uuid:id>/", measurements.MeasurementDetail.as_view(), name="measurement"),
    path("measurements/<uuid:id>/correct/", measurements.MeasurementCorrect.as_view(), name="correct"),
    path("measurements/<uuid:id>/void/", measurements.MeasurementVoid.as_view(), name="void"),
    path("measurements/<uuid:id>/choose/", measurements.MeasurementChoose.as_view(), name="choose"),
    # The schema names no data, so everybody may read it.
    path("schema/", SpectacularAPIView.as_view(authentication_classes=[]), name="schema"),
    re_path(r"^(?P<rest>[\s\S]*)$", base.UnknownAddress.as_view(), name="unknown"),
]
