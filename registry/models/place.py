"""Where people live: district, kecamatan, village, and the health posts that serve them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models.access import User

_LEVELS = {
    "district": r"\d{2}\.\d{2}",
    "kecamatan": r"\d{2}\.\d{2}\.\d{2}",
    "village": r"\d{2}(\.\d{2}){2}\.\d{4}",
}


def _code_validator(level: str) -> RegexValidator:
    return RegexValidator(
        rf"^{_LEVELS[level]}$",
        _("Kode wilayah Kemendagri ditulis dengan titik, misalnya 33.01.02.2009 untuk desa."),
    )


class District(models.Model):
    """A kabupaten, keyed by its Kemendagri code (33.01 is Cilacap)."""

    code = models.CharField(
        _("kode"), max_length=5, primary_key=True, validators=[_code_validator("district")]
    )
    name = models.CharField(_("nama"), max_length=60)

    class Meta:
        verbose_name = _("kabupaten")
        verbose_name_plural = _("kabupaten")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Kecamatan(models.Model):
    """A sub-district, keyed by its Kemendagri code."""

    code = models.CharField(
        _("kode"), max_length=8, primary_key=True, validators=[_code_validator("kecamatan")]
    )
    name = models.CharField(_("nama"), max_length=60)
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, related_name="kecamatan", verbose_name=_("kabupaten")
    )

    class Meta:
        verbose_name = _("kecamatan")
        verbose_name_plural = _("kecamatan")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Puskesmas(models.Model):
    """A community health centre; a kecamatan has one or two."""

    name = models.CharField(_("nama"), max_length=60, unique=True)
    kecamatan = models.ForeignKey(
        Kecamatan, on_delete=models.PROTECT, related_name="puskesmas", verbose_name=_("kecamatan")
    )

    class Meta:
        verbose_name = _("puskesmas")
        verbose_name_plural = _("puskesmas")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class VillageKind(models.TextChoices):
    DESA = "desa", _("desa")
    KELURAHAN = "kelurahan", _("kelurahan")


class VillageQuerySet(models.QuerySet["Village"]):
    def visible_to(self, user: User) -> VillageQuerySet:
        """Return villages whose figures ``user`` may see: the way in for every page about a place."""
        return self.filter(user.area().as_q(""))

    def with_people_visible_to(self, user: User) -> VillageQuerySet:
        """Return villages whose children ``user`` may see by name and record for."""
        return self.filter(user.area(people=True).as_q(""))


class Village(models.Model):
    """A desa or kelurahan, keyed by its Kemendagri code such as 33.01.02.2009.

    Sixteen names occur more than once in the kabupaten: match by code, else by kecamatan and name.
    """

    code = models.CharField(
        _("kode"), max_length=13, primary_key=True, validators=[_code_validator("village")]
    )
    name = models.CharField(_("nama"), max_length=60)
    kind = models.CharField(_("jenis"), max_length=9, choices=VillageKind)
    kecamatan = models.ForeignKey(
        Kecamatan, on_delete=models.PROTECT, related_name="villages", verbose_name=_("kecamatan")
    )
    puskesmas = models.ForeignKey(
        Puskesmas,
        on_delete=models.PROTECT,
        related_name="villages",
        null=True,
        blank=True,
        verbose_name=_("puskesmas"),
    )
    latitude = models.FloatField(_("lintang"), null=True, blank=True, help_text=_("derajat desimal, WGS 84"))
    longitude = models.FloatField(_("bujur"), null=True, blank=True, help_text=_("derajat desimal, WGS 84"))
    # Part of the address of its calendar: the next number ends the address of now.
    calendar_serial = models.PositiveIntegerField(
        _("nomor kalender"), default=0, db_default=0, editable=False
    )

    # Whether anybody may read a few figures of it, without signing in.
    has_community_page = models.BooleanField(
        _("halaman untuk warga"), default=False, db_default=False, editable=False
    )

    objects = VillageQuerySet.as_manager()

    class Meta:
        verbose_name = _("desa/kelurahan")
        verbose_name_plural = _("desa/kelurahan")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint("kecamatan", "name", name="village_name_once_in_kecamatan"),
            models.CheckConstraint(
                condition=Q(code__startswith=models.F("kecamatan")), name="village_code_in_kecamatan"
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90)),
                name="village_latitude_range",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True) | Q(longitude__range=(-180, 180)),
                name="village_longitude_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FormerVillageCode(models.Model):
    """A code that a village had before Kemendagri gave it another: it still finds the village."""

    code = models.CharField(_("kode lama"), max_length=13, primary_key=True)
    village = models.ForeignKey(
        Village, on_delete=models.CASCADE, related_name="former_codes", verbose_name=_("desa/kelurahan")
    )
    changed_on = models.DateField(_("berganti pada"), help_text=_("hari pertama kode yang baru"))

    class Meta:
        verbose_name = _("kode desa lama")
        verbose_name_plural = _("kode desa lama")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Posyandu(models.Model):
    """A monthly weighing post of a village.

    ``key`` is the name in the one spelling used to match files (MELATI I = MELATI 1).
    ``registry.places.names.posyandu_key`` makes it.
    """

    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="posyandu", verbose_name=_("desa/kelurahan")
    )
    name = models.CharField(_("nama"), max_length=60)
    key = models.CharField(_("nama baku"), max_length=60, editable=False)
    # One of both at most: ``registry.calendar_months.posyandu_day`` says which day of a month they mean.
    day_of_month = models.PositiveSmallIntegerField(_("hari buka: tanggal"), null=True, blank=True)
    nth_weekday = models.PositiveSmallIntegerField(
        _("hari buka: hari ke berapa"),
        null=True,
        blank=True,
        help_text=_("23: Rabu kedua; 51: Senin terakhir"),
    )

    class Meta:
        verbose_name = _("posyandu")
        verbose_name_plural = _("posyandu")
        ordering = ["village", "name"]
        constraints = [
            models.UniqueConstraint("village", "key", name="posyandu_once_in_village"),
            models.CheckConstraint(
                condition=Q(day_of_month__isnull=True)
                | Q(day_of_month__range=(1, 31), nth_weekday__isnull=True),
                name="posyandu_opens_on_one_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of a kecamatan or village on the map, once the district has loaded its file."""

    code = models.CharField(_("kode Kemendagri"), max_length=13, primary_key=True)
    geometry = models.JSONField(_("garis batas"), help_text=_("Polygon atau MultiPolygon GeoJSON, WGS 84"))
    source = models.CharField(_("sumber"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("batas wilayah")
        verbose_name_plural = _("batas wilayah")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code
