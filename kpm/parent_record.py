"""All that the register holds of one child, for its parent (UU 27/2022 art. 5 to 8): to read, print and take.

A field of these tables is in it unless ``LEFT_OUT`` says why not. Who wrote or read is said by role, never by
name: the officers' data are theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.advice import findings_of
from kpm.follow_up import list_case_history
from kpm.identity_history import identity_history
from kpm.models import (
    AuditCause,
    AuditDecision,
    Case,
    CaseAudit,
    CaseStep,
    ConditionRecord,
    HouseholdChild,
    MoveRequest,
    ServiceRecord,
)
from kpm.scorecard.periods import Period
from kpm.templatetags.site import amount
from kpm.value_words import zscore
from registry.access.visible_places import place_code
from registry.exports.page_table import DataSubjects, ExportTable, list_columns
from registry.models import (
    Child,
    Consent,
    ExportLog,
    Measurement,
    MergedChild,
    ReadLog,
    ReadSubject,
    Residence,
    User,
)
from registry.validation_messages import spoken_date

_SAID_BY_ANOTHER = "another field of the record says it"
_TOLD_IN_WORDS = "follows from measurements and steps; its reason, its days and its end are told in words"
_OF_THE_PROGRAM = "made for the program alone, and tells nothing of the child"
_OF_ANOTHER = "empty in the rows of a child: they are of somebody else"

LEFT_OUT: Mapping[type[Model], Mapping[str, str]] = {
    Child: {
        "nik_sealed": "shown masked as NIK, as everywhere",
        "nik_hash": _OF_THE_PROGRAM,
        "entry_digest": _OF_THE_PROGRAM,
        "sort_name": _SAID_BY_ANOTHER,
        "search_words": _SAID_BY_ANOTHER,
    },
    Residence: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER},
    Measurement: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER, "supersedes": _SAID_BY_ANOTHER},
    Consent: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER},
    CaseStep: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER, "taken_back_by": _SAID_BY_ANOTHER},
    CaseAudit: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER, "taken_back_by": _SAID_BY_ANOTHER},
    AuditCause: {"id": _OF_THE_PROGRAM, "audit": _SAID_BY_ANOTHER},
    MoveRequest: {"id": _OF_THE_PROGRAM, "child": _SAID_BY_ANOTHER, "answered_by": _SAID_BY_ANOTHER},
    AuditDecision: {"id": _OF_THE_PROGRAM, "audit": _SAID_BY_ANOTHER},
    ServiceRecord: {
        "id": _OF_THE_PROGRAM,
        "child": _SAID_BY_ANOTHER,
        "beneficiary": _OF_ANOTHER,
        "taken_back_by": _SAID_BY_ANOTHER,
    },
    ConditionRecord: {
        "id": _OF_THE_PROGRAM,
        "child": _SAID_BY_ANOTHER,
        "household": _OF_THE_PROGRAM,
        "beneficiary": _OF_ANOTHER,
        "taken_back_by": _SAID_BY_ANOTHER,
    },
    HouseholdChild: {
        "id": _OF_THE_PROGRAM,
        "child": _SAID_BY_ANOTHER,
        "household": _OF_THE_PROGRAM,
        "born_of": "the record of its mother's pregnancy is hers, and not named in her child's copy",
    },
    Case: dict.fromkeys((field.name for field in Case._meta.concrete_fields), _TOLD_IN_WORDS),
    MergedChild: {
        "kept": _SAID_BY_ANOTHER,
        "entry_digest": _OF_THE_PROGRAM,
        "snapshot_sealed": "both records as they were, to undo the merge: their values are in this record",
    },
}
"""Fields that are not in the record, with the reason."""


@dataclass(frozen=True, slots=True)
class RecordSection:
    """A part of the record: when, what and by whom, a row each."""

    title: str
    rows: list[tuple[str, str, str]]


class ParentRecord:
    """The sections of one child's record."""

    def __init__(self, child: Child) -> None:
        self.child = child
        self.ids: list[UUID] = [child.pk, *child.merged.values_list("pk", flat=True)]
        self._roles: dict[int, str] = {}

    def sections(self) -> list[RecordSection]:
        """Return all of it, in the order in which it is read."""
        child = self.child
        cases = list_case_history(child)
        steps = {step.pk: step for one in cases for step in one.steps}
        taken = sorted(steps.values(), key=lambda step: (step.on, step.recorded_at))
        identity = [("", f"{label}: {text}", "") for label, text in self._fields(child)]
        if child.nik_sealed:
            identity.append(("", f"NIK: {child.nik_masked}", ""))
        return [
            RecordSection(_("Identitas"), identity),
            RecordSection(_("Tempat tinggal"), self._tell(self._homes, "since")),
            RecordSection(_("Permintaan pindah"), self._rows(child.move_requests.all(), "recorded_at")),
            RecordSection(_("Pengukuran"), self._rows(child.measurements.all(), "measured_on")),
            RecordSection(_("Kasus"), [(one.word, one.state, "") for one in cases]),
            RecordSection(_("Langkah kasus"), self._tell(taken, "on")),
            RecordSection(_("Audit kasus"), self._audit_rows()),
            RecordSection(_("Layanan"), self._rows(child.services.all(), "on")),
            RecordSection(_("Keadaan rumah"), self._rows(self._conditions(), "on")),
            RecordSection(_("Rumah tangga"), self._rows(child.households.all(), "added_at")),
            RecordSection(_("Perubahan"), list(self._changes())),
            RecordSection(_("Catatan ganda yang digabung"), self._rows(child.merged.all(), "at")),
            RecordSection(_("Persetujuan orang tua"), self._rows(child.consents.all(), "on")),
            RecordSection(_("Dibaca oleh"), list(self._readings())),
            RecordSection(_("Berkas yang mungkin memuat anak ini"), list(self._files())),
        ]

    def table(self) -> ExportTable:
        """Return the same as one table, to take away."""
        rows = [(section.title, *row) for section in self.sections() for row in section.rows]
        about = [
            (_("Nama anak"), self.child.name),
            (_("Dibuat pada"), _moment(timezone.now())),
        ]
        return ExportTable(
            "record",
            list_columns((_("Bagian"), _("Tanggal"), _("Isi"), _("Oleh"))),
            rows,
            part=str(self.child.pk),
            about=about,
            subjects=DataSubjects(self.child.village, 1),
        )

    def role_of(self, user: User | None) -> str:
        """Return the roles of somebody, now or before, in words."""
        if user is None:
            return _("sistem")
        if user.pk not in self._roles:
            held = {str(membership.get_role_display()) for membership in user.memberships.all()}
            self._roles[user.pk] = ", ".join(sorted(held)) or _("tanpa peran sekarang")
        return self._roles[user.pk]

    def _conditions(self) -> QuerySet[ConditionRecord]:
        """Return what was asked of the child and of the household in which it lives."""
        homes = self.child.households.values("household")
        return ConditionRecord.objects.filter(Q(child=self.child) | Q(household__in=homes))

    def _rows(self, found: Any, day: str) -> list[tuple[str, str, str]]:
        """Return what :meth:`_tell` does of the rows of a table, in one query."""
        fields = found.model._meta.concrete_fields
        names = [f.name for f in fields if f.is_relation and f.name not in LEFT_OUT[found.model]]
        return self._tell(found.select_related(*names), day)

    def _tell(self, found: Iterable[Model], day: str) -> list[tuple[str, str, str]]:
        """Return a row for each object: its day, what its fields say, and by which role it was recorded."""
        rows = []
        for one in found:
            by = next((getattr(one, name) for name in ("recorded_by", "by") if hasattr(one, name)), None)
            words = "; ".join(f"{label}: {text}" for label, text in self._fields(one, but=day))
            rows.append((_moment(getattr(one, day)), words, self.role_of(by) if by else ""))
        return rows

    def _audit_rows(self) -> list[tuple[str, str, str]]:
        """Return each audit with its causes and decisions."""
        audits = list(CaseAudit.objects.filter(child=self.child).values_list("pk", flat=True))
        if not audits:
            return []
        return [
            *self._rows(CaseAudit.objects.filter(pk__in=audits), "chosen_on"),
            *self._rows(AuditCause.objects.filter(audit__in=audits), "recorded_at"),
            *self._rows(AuditDecision.objects.filter(audit__in=audits), "recorded_at"),
        ]

    @cached_property
    def _homes(self) -> list[Residence]:
        homes = self.child.residences.select_related("village__kecamatan", "village__puskesmas")
        return list(homes.order_by("since"))

    def _fields(self, one: Model, but: str = "") -> Iterator[tuple[str, str]]:
        """Yield the fields of a row that hold something, in words."""
        for field in one._meta.concrete_fields:
            if field.name == but or field.name in LEFT_OUT[type(one)]:
                continue
            if text := self._words(one, field):
                yield capfirst(str(field.verbose_name)), text
        if isinstance(one, Measurement):
            yield from ((finding.name, finding.word) for finding in findings_of(one))

    def _words(self, one: Model, field: Field[Any, Any]) -> str:
        value = getattr(one, field.name)
        # A flag that is not set says nothing.
        if value is None or value in ("", []) or (value is False and field.default is False):
            return ""
        if field.choices:
            return str(getattr(one, f"get_{field.name}_display")())
        if isinstance(field, ForeignKey):
            return self.role_of(value) if isinstance(value, User) else str(value)
        if isinstance(value, bool):
            return _("ya") if value else _("tidak")
        if isinstance(value, date):
            return _moment(value)
        if isinstance(value, list):
            return ", ".join(map(str, value))
        if isinstance(value, Decimal):
            return amount(value)
        return zscore(value) if isinstance(value, float) else str(value)

    def _changes(self) -> Iterator[tuple[str, str, str]]:
        for change in identity_history(self.child, *self.ids[1:]):
            words = "; ".join(f"{field.label}: {field.old} → {field.new}" for field in change.fields)
            if change.reason:
                words += f" ({change.reason})"
            yield _moment(change.at), words, self.role_of(change.by)

    def _readings(self) -> Iterator[tuple[str, str, str]]:
        """Yield who opened the child, by day and role, and who the lists of its villages, by role."""
        ids, places = [str(pk) for pk in self.ids], {home.village_id for home in self._homes}
        known = timezone.localdate(self.child.created_at)
        lists = Q(subject=ReadSubject.VILLAGE, subject_id__in=places, day__gte=known)
        read_logs = ReadLog.objects.filter(Q(subject=ReadSubject.CHILD, subject_id__in=ids) | lists)
        rows = list(read_logs.select_related("user").order_by("day", "pk"))
        for row in rows:
            if row.subject == ReadSubject.CHILD:
                yield spoken_date(row.day), _("halaman atau data anak ini"), self.role_of(row.user)
        for home in self._homes:
            of_home = (row for row in rows if (row.subject, row.subject_id) == ("village", home.village_id))
            days_there = Period(home.since, home.until and home.until - timedelta(days=1))
            days: dict[str, set[date]] = defaultdict(set)
            for row in of_home:
                if row.day in days_there:
                    days[self.role_of(row.user)].add(row.day)
            for role, read in sorted(days.items()):
                said = {"village": home.village, "count": len(read), "last": spoken_date(max(read))}
                words = _("daftar anak %(village)s, pada %(count)d hari, terakhir %(last)s") % said
                yield spoken_date(min(read)), words, role

    def _files(self) -> Iterator[tuple[str, str, str]]:
        """Yield the files of the places where the child lived then: which children one holds is not kept."""
        for home in self._homes:
            village = home.village
            places = [village, village.puskesmas, village.kecamatan]
            codes = [place_code(place) for place in places if place] + [village.kecamatan.district_id]
            since = max(home.since, timezone.localdate(self.child.created_at))
            logs = ExportLog.objects.filter(place_code__in=codes, at__date__gte=since)
            if home.until:
                logs = logs.filter(at__date__lt=home.until)
            for log in logs.select_related("user").order_by("at"):
                words = f"{log.get_kind_display()} {log.page}, {log.place_code}"
                why = f" ({log.reason})" if log.reason else ""
                yield _moment(log.at), words + why, self.role_of(log.user)


def _moment(value: date | datetime) -> str:
    """Return a day, or a moment of local time."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H.i")
    return spoken_date(value)
