"""Whom the services of the first 1000 days are for, which ones they had, and what their households have."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpm.models.typed_record import TypedRecord
from kpm.scorecard.indicators import LivingCondition, ScoredService
from registry.models import Child, District, User, Village


class BeneficiaryGroup(models.TextChoices):
    """Who is on the list besides the children of the register. The last two are of eHDW 2.0."""

    PREGNANT = "pregnant", _("ibu hamil")
    TEENAGE_GIRL = "teenage_girl", _("remaja putri")
    COUPLE = "couple", _("calon pengantin")


class BeneficiaryEnd(models.TextChoices):
    """Why somebody is no longer on the list."""

    DELIVERED = "delivered", _("melahirkan")
    LOST = "lost", _("keguguran")
    LEFT = "left", _("pindah keluar kabupaten")
    DIED = "died", _("meninggal")
    OVER = "over", _("tidak termasuk kelompok ini lagi")


SERVICE_WORDS = {
    ScoredService.CHECK_UP: _("periksa kehamilan (ANC)"),
    ScoredService.IRON_TABLETS: _("tablet tambah darah"),
    ScoredService.POSTNATAL_VISIT: _("kunjungan nifas"),
    ScoredService.COUNSELLING: _("konseling gizi"),
    ScoredService.HOME_VISIT: _("kunjungan rumah"),
    ScoredService.IMMUNISATION_COMPLETE: _("imunisasi dasar lengkap"),
    ScoredService.WEIGHING: _("ditimbang"),
    ScoredService.HEIGHT: _("diukur panjang/tinggi"),
    ScoredService.PARENTING_CLASS: _("kelas pengasuhan"),
    ScoredService.LESSONS: _("PAUD"),
}
CONDITION_WORDS = {
    LivingCondition.SAFE_WATER: _("air minum aman"),
    LivingCondition.LATRINE: _("jamban layak"),
    LivingCondition.INSURANCE: _("jaminan kesehatan"),
    LivingCondition.BIRTH_CERTIFICATE: _("akta kelahiran"),
    LivingCondition.AT_RISK: _("kehamilan berisiko"),
    LivingCondition.THIN: _("KEK"),
}
_TYPED = {
    None: (
        ScoredService.COUNSELLING,
        ScoredService.PARENTING_CLASS,
        ScoredService.IMMUNISATION_COMPLETE,
        ScoredService.LESSONS,
    ),
    BeneficiaryGroup.PREGNANT: (
        ScoredService.CHECK_UP,
        ScoredService.IRON_TABLETS,
        ScoredService.COUNSELLING,
        ScoredService.HOME_VISIT,
        ScoredService.POSTNATAL_VISIT,
    ),
    BeneficiaryGroup.TEENAGE_GIRL: (ScoredService.IRON_TABLETS, ScoredService.COUNSELLING),
    BeneficiaryGroup.COUPLE: (ScoredService.CHECK_UP, ScoredService.COUNSELLING),
}
OF_A_HOUSEHOLD = frozenset({LivingCondition.SAFE_WATER, LivingCondition.LATRINE, LivingCondition.INSURANCE})
"""Conditions that all who live in one house share."""


def typed_services(group: BeneficiaryGroup | None) -> tuple[ScoredService, ...]:
    """Return the services that are typed for a group, None for children; the others fill themselves.

    A child is weighed and measured by its measurements, and visited by the steps of its cases.
    """
    return _TYPED[group]


class Household(models.Model):
    """Who lives in one house: its water, latrine and insurance are asked once for all of them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="households", verbose_name=_("desa/kelurahan")
    )
    created_at = models.DateTimeField(_("dicatat pada"), auto_now_add=True)

    class Meta:
        verbose_name = _("rumah tangga")
        verbose_name_plural = _("rumah tangga")

    def __str__(self) -> str:
        return str(self.pk)


class BeneficiaryQuerySet(models.QuerySet["Beneficiary"]):
    def visible_to(self, user: User) -> BeneficiaryQuerySet:
        """Return those who live now where ``user`` works with people: the way in to them."""
        return self.filter(user.area(people=True).as_q("village__"))


class Beneficiary(models.Model):
    """A pregnant woman, or somebody of the other groups; a child is on the list by its own record.

    A delivery ends the pregnancy, and leads to the children it brought by :class:`HouseholdChild`.
    ``village``: where she lives now; :class:`BeneficiaryStay` keeps the history.
    """

    id = models.UUIDField(primary_key=True, editable=False)  # made by whoever recorded it
    group = models.CharField(_("kelompok"), max_length=12, choices=BeneficiaryGroup)
    name = models.CharField(_("nama"), max_length=120)
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    last_period = models.DateField(_("HPHT"), null=True, blank=True)
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="beneficiaries", verbose_name=_("desa/kelurahan")
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="beneficiaries", verbose_name=_("rumah tangga")
    )
    rt = models.CharField(_("RT"), max_length=5, blank=True)
    rw = models.CharField(_("RW"), max_length=5, blank=True)
    ended_on = models.DateField(_("berakhir pada"), null=True, blank=True)
    ended_by = models.CharField(_("berakhir karena"), max_length=12, choices=BeneficiaryEnd, blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("dicatat oleh")
    )
    created_at = models.DateTimeField(_("dicatat pada"), auto_now_add=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("sasaran layanan")
        verbose_name_plural = _("sasaran layanan")
        ordering = ["name", "last_period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group="pregnant", last_period__isnull=False)
                | (~Q(group="pregnant") & Q(last_period__isnull=True)),
                name="beneficiary_pregnant_since",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, ended_by="")
                | Q(ended_on__isnull=False, ended_by__in=BeneficiaryEnd.values),
                name="beneficiary_ended_by_something",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(last_period__isnull=True)
                | Q(ended_on__gte=F("last_period")),
                name="beneficiary_days_in_order",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="beneficiary_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class BeneficiaryStay(models.Model):
    """She lived in ``village`` from ``since`` up to the day before ``until`` (open: until now)."""

    beneficiary = models.ForeignKey(
        Beneficiary, on_delete=models.CASCADE, related_name="stays", verbose_name=_("sasaran layanan")
    )
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, related_name="beneficiary_stays", verbose_name=_("desa/kelurahan")
    )
    since = models.DateField(_("sejak"))
    until = models.DateField(_("sampai sebelum"), null=True, blank=True)

    class Meta:
        verbose_name = _("tempat tinggal sasaran")
        verbose_name_plural = _("tempat tinggal sasaran")
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(
                "beneficiary", name="beneficiary_one_open_stay", condition=Q(until__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="beneficiary_stay_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.beneficiary} - {self.village}"


class HouseholdChild(models.Model):
    """A child lives in a household, the newest row of a child counts. ``born_of``: its mother's pregnancy."""

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="households", verbose_name=_("anak")
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, related_name="children", verbose_name=_("rumah tangga")
    )
    born_of = models.ForeignKey(
        Beneficiary,
        on_delete=models.PROTECT,
        related_name="births",
        null=True,
        blank=True,
        verbose_name=_("lahir dari kehamilan"),
    )
    added_at = models.DateTimeField(_("dicatat pada"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("anak dalam rumah tangga")
        verbose_name_plural = _("anak dalam rumah tangga")
        ordering = ["added_at"]

    def __str__(self) -> str:
        return f"{self.child} - {self.household}"


class ServiceRecord(TypedRecord):
    """A service that a child or a beneficiary had on a day. Weighings and visits are not typed again.

    ``quantity``: tablets, lessons attended, else 1. ``out_of``: lessons held.
    """

    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="services", null=True, verbose_name=_("anak")
    )
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.CASCADE,
        related_name="services",
        null=True,
        verbose_name=_("sasaran layanan"),
    )
    service = models.CharField(
        _("layanan"), max_length=24, choices=[(one.value, words) for one, words in SERVICE_WORDS.items()]
    )
    quantity = models.PositiveSmallIntegerField(_("jumlah"), default=1)
    out_of = models.PositiveSmallIntegerField(_("dari"), null=True, blank=True)

    class Meta:
        verbose_name = _("layanan yang diterima")
        verbose_name_plural = _("layanan yang diterima")
        ordering = ["on", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=True) ^ Q(beneficiary__isnull=True), name="service_of_one_person"
            ),
            models.CheckConstraint(
                condition=Q(service="lessons", out_of__isnull=False, quantity__lte=F("out_of"))
                | (~Q(service="lessons") & Q(out_of__isnull=True) & Q(quantity__gte=1)),
                name="service_quantity_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.on}"


class ConditionRecord(TypedRecord):
    """What a household, a child or a beneficiary had or lacked when somebody asked."""

    household = models.ForeignKey(
        Household,
        on_delete=models.CASCADE,
        related_name="conditions",
        null=True,
        verbose_name=_("rumah tangga"),
    )
    child = models.ForeignKey(
        Child, on_delete=models.CASCADE, related_name="conditions", null=True, verbose_name=_("anak")
    )
    beneficiary = models.ForeignKey(
        Beneficiary,
        on_delete=models.CASCADE,
        related_name="conditions",
        null=True,
        verbose_name=_("sasaran layanan"),
    )
    condition = models.CharField(
        _("keadaan"), max_length=20, choices=[(one.value, words) for one, words in CONDITION_WORDS.items()]
    )
    is_met = models.BooleanField(_("jawaban"))

    class Meta:
        verbose_name = _("keadaan yang ditanya")
        verbose_name_plural = _("keadaan yang ditanya")
        ordering = ["on", "recorded_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(household__isnull=False, child__isnull=True, beneficiary__isnull=True)
                | Q(household__isnull=True, child__isnull=False, beneficiary__isnull=True)
                | Q(household__isnull=True, child__isnull=True, beneficiary__isnull=False),
                name="condition_of_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.condition} {self.on}"


class GroupInUse(models.Model):
    """A district lists the people of a group of eHDW 2.0 from a day on."""

    district = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="groups_in_use", verbose_name=_("kabupaten")
    )
    group = models.CharField(
        _("kelompok"),
        max_length=12,
        choices=[one for one in BeneficiaryGroup.choices if one[0] != "pregnant"],
    )
    since = models.DateField(_("sejak"))

    class Meta:
        verbose_name = _("kelompok sasaran yang dipakai")
        verbose_name_plural = _("kelompok sasaran yang dipakai")
        constraints = [models.UniqueConstraint("district", "group", name="group_in_use_once")]

    def __str__(self) -> str:
        return self.get_group_display()


def groups_in_use(village: Village) -> list[BeneficiaryGroup]:
    """Return the groups that the district of a village lists today."""
    used = GroupInUse.objects.filter(
        district=village.kecamatan.district_id, since__lte=timezone.localdate()
    ).values_list("group", flat=True)
    return [BeneficiaryGroup.PREGNANT, *map(BeneficiaryGroup, used)]
