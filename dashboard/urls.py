"""Addresses of the figures: one page a level, the month and the order of the tables in the query."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from dashboard.sections import Section
from dashboard.views.places import district, kecamatan, posyandu, puskesmas, village


class KecamatanCode(StringConverter):
    """Kemendagri's, such as 33.01.02."""

    regex = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}"


class VillageCode(StringConverter):
    """Kemendagri's, such as 33.01.02.2009."""

    regex = r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}"


class SectionName(StringConverter):
    """One of the pages of a place, but for its overview."""

    regex = "|".join(section for section in Section if section is not Section.OVERVIEW)

    def to_python(self, value: str) -> Section:
        return Section(value)


register_converter(KecamatanCode, "kecamatan_code")
register_converter(VillageCode, "village_code")
register_converter(SectionName, "section")

places = [
    ("dashboard/", district, "district"),
    ("dashboard/kecamatan/<kecamatan_code:code>/", kecamatan, "kecamatan"),
    ("dashboard/puskesmas/<int:number>/", puskesmas, "puskesmas"),
    ("dashboard/villages/<village_code:code>/", village, "village"),
]
pages = [
    *(path(address, view, name=name) for address, view, name in places),
    *(path(f"{address}<section:section>/", view, name=f"{name}_section") for address, view, name in places),
    path("dashboard/posyandu/<int:number>/", posyandu, name="posyandu"),
]

urlpatterns = [path("", include((pages, "dashboard")))]
