"""Addresses of the figures: one page a level, the month and the order of the tables in the query."""

from django.urls import include, path, register_converter

from dashboard.views.district import district
from dashboard.views.kecamatan import kecamatan
from dashboard.views.puskesmas import puskesmas
from dashboard.views.village import village


class KecamatanCode:
    """Kemendagri's, such as 33.01.02."""

    regex = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class VillageCode(KecamatanCode):
    """Kemendagri's, such as 33.01.02.2009."""

    regex = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}"


register_converter(KecamatanCode, "kecamatan_code")
register_converter(VillageCode, "village_code")

pages = [
    path("dashboard/", district, name="district"),
    path("dashboard/kecamatan/<kecamatan_code:code>/", kecamatan, name="kecamatan"),
    path("dashboard/puskesmas/<int:number>/", puskesmas, name="puskesmas"),
    path("dashboard/villages/<village_code:code>/", village, name="village"),
]

urlpatterns = [path("", include((pages, "dashboard")))]
