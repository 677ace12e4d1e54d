"""The lists of the cadres' pages about villages, KPM, events and counts, as rows to take away.

The names of KPM are people's too: a list with them is logged like one with names of children.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from kpm.figures import Appointments, EndingTerm, KecamatanAttendance
from kpm.lokus import LokusYear
from kpm.models import Event, LokusVillage
from kpm.training import CadreNeeds, TrainingEffect
from kpm.value_words import grade_words
from registry.access.visible_places import Place
from registry.exports.cell_formatting import yes_no
from registry.exports.page_table import DataSubjects, ExportTable, Value, list_columns
from registry.models import Village
from registry.validation_messages import spoken_date


def villages_list(villages: Iterable[Village]) -> ExportTable:
    """Return the villages to choose from."""
    rows = [(village.pk, village.name, village.kecamatan.name) for village in villages]
    return ExportTable(
        "villages", list_columns((_("Kode"), _("Desa/kelurahan"), _("Kecamatan")), naming=1), rows
    )


def lokus_list(found: Iterable[LokusVillage]) -> ExportTable:
    """Return the lokus villages with their decrees."""
    rows = [
        (
            one.year,
            one.village.kecamatan.name,
            one.village_id,
            one.village.name,
            one.decree_number,
            one.decree_date,
        )
        for one in found
    ]
    header = (*(_("Tahun"), _("Kecamatan"), _("Kode"), _("Desa/kelurahan"), _("Nomor SK"), _("Tanggal SK")),)
    return ExportTable("lokus", list_columns(header, naming=3), rows)


def vacant_list(found: Appointments, chosen: str) -> ExportTable:
    """Return the desa without a KPM."""
    rows = [
        (row.village.name, row.village.kecamatan.name, found.lokus.words_of(row.village.pk))
        for row in found.vacant
    ]
    return ExportTable(
        "vacant",
        list_columns((_("Desa"), _("Kecamatan"), _("Lokus"))),
        rows,
        part=f"{found.on:%Y-%m-%d}",
        filtered_by=chosen,
        about=[(_("Tanggal"), spoken_date(found.on))],
    )


def appointed_list(found: Appointments, chosen: str) -> ExportTable:
    """Return who is KPM where."""
    header = (
        *(_("Kecamatan"), _("Desa/kelurahan"), _("KPM"), _("Telepon"), _("Nomor SK"), _("Tanggal SK")),
        *(_("Musyawarah desa"), _("Mulai bertugas"), _("Hari terakhir bertugas")),
        _("Lokus"),
    )
    rows: list[Sequence[Value]] = []
    for row in found.rows:
        where = (row.village.kecamatan.name, row.village.name)
        chip = found.lokus.words_of(row.village.pk)
        if row.cadre is None:
            nobody = _("kelurahan, biasanya tanpa KPM") if row.usually_without else _("belum ada")
            rows.append((*where, nobody, "", "", None, None, None, None, chip))
            continue
        c = row.cadre
        rows.append(
            (
                *(*where, c.full_name, c.phone, c.decree_number, c.decree_date),
                *(c.musyawarah_desa_date, c.term_start, c.term_end, chip),
            )
        )
    return ExportTable(
        "cadres",
        list_columns(header, naming=1),
        rows,
        part=f"{found.on:%Y-%m-%d}",
        filtered_by=chosen,
        about=[(_("Tanggal"), spoken_date(found.on))],
        subjects=_people([row.village for row in found.rows]),
    )


def ending_list(found: Sequence[EndingTerm], on: date, chosen: str, lokus: LokusYear) -> ExportTable:
    """Return the KPM whose term ends soon."""
    header = (
        *(_("Kecamatan"), _("Desa/kelurahan"), _("KPM"), _("Telepon"), _("Hari terakhir bertugas")),
        *(_("Sisa hari"), _("Pengganti"), _("Lokus")),
    )
    rows = [
        (
            *(c.village.kecamatan.name, c.village.name, c.full_name, c.phone),
            c.term_end,
            term.days,
            term.successor,
            lokus.words_of(c.village_id),
        )
        for term in found
        for c in (term.cadre,)
    ]
    return ExportTable(
        "ending-terms",
        list_columns(header, naming=1),
        rows,
        part=f"{on:%Y-%m-%d}",
        filtered_by=chosen,
        about=[(_("Tanggal"), spoken_date(on))],
        subjects=_people([term.cadre.village for term in found]),
    )


def events_list(counts: Mapping[Event, int]) -> ExportTable:
    """Return meetings and trainings, newest first, with how many of the reader's KPM came."""
    header = (
        *(_("Tanggal"), _("Sampai tanggal"), _("Kegiatan"), _("Jenis"), _("Tempat"), _("KPM hadir")),
        *(_("Pokok bahasan"), _("Desa/kelurahan")),
    )
    rows: list[Sequence[Value]] = [
        (
            *(e.date, e.end_date, e.title, e.get_kind_display(), e.place, came, e.topic),
            e.village.name if e.village else "",
        )
        for e, came in counts.items()
    ]
    return ExportTable("events", list_columns(header, naming=2), rows)


def attendance_counts_list(event: Event, groups: Sequence[KecamatanAttendance]) -> ExportTable:
    """Return how many came, by kecamatan, and in all."""
    came, called = sum(g.came for g in groups), sum(g.called_count for g in groups)
    rows = [
        *((g.kecamatan.name, g.came, g.called_count, percent_of(g.came, g.called_count)) for g in groups),
        (_("Jumlah"), came, called, percent_of(came, called)),
    ]
    header = (_("Kecamatan"), _("Hadir"), _("KPM"), "%")
    return ExportTable("attendance", list_columns(header), rows, part=str(event.pk), about=_of_event(event))


def attendance_list(event: Event, groups: Sequence[KecamatanAttendance]) -> ExportTable:
    """Return which KPM came."""
    people = [person for group in groups for person in group.people]
    rows = [
        (p.cadre.village.kecamatan.name, p.cadre.full_name, p.cadre.village.name, yes_no(p.came))
        for p in people
    ]
    return ExportTable(
        "attendance-names",
        list_columns((_("Kecamatan"), _("KPM"), _("Desa/kelurahan"), _("Hadir")), naming=1),
        rows,
        part=str(event.pk),
        about=_of_event(event),
        subjects=_people([p.cadre.village for p in people]),
    )


def training_needs_list(found: Sequence[CadreNeeds], on: date, chosen: str) -> ExportTable:
    """Return which cadre lacks what, and when each was trained last."""
    header = (_("Kecamatan"), _("Desa/kelurahan"), _("KPM"), _("Yang perlu dilatih"), _("Pelatihan terakhir"))
    rows = [
        (v.kecamatan.name, v.name, one.cadre.full_name, "; ".join(one.words), one.trained_on)
        for one in found
        for v in (one.cadre.village,)
    ]
    return ExportTable(
        "training-needs",
        list_columns(header, naming=2),
        rows,
        part=f"{on:%Y-%m-%d}",
        filtered_by=chosen,
        about=[(_("Tanggal"), spoken_date(on))],
        subjects=_people([one.cadre.village for one in found]),
    )


def training_effects_list(event: Event, found: Sequence[TrainingEffect]) -> ExportTable:
    """Return the grade of the villages before and after a training."""
    header = (_("Kecamatan"), _("Desa/kelurahan"), _("Mutu sebelum"), _("Mutu setelah"))
    rows = [
        (one.village.kecamatan.name, one.village.name, grade_words(one.before), grade_words(one.after))
        for one in found
    ]
    return ExportTable(
        "effects", list_columns(header, naming=1), rows, part=str(event.pk), about=_of_event(event)
    )


def percent_of(part: int, whole: int) -> float | None:
    """Return a share as the pages round it; nothing when there is nothing to divide by."""
    return round(100 * part / whole, 1) if whole else None


def _people(villages: Sequence[Village]) -> DataSubjects | None:
    """Return whose KPM are named: one village's, kecamatan's or the district's; None for nobody."""
    if not villages:
        return None
    place: Place = villages[0]
    if len({village.pk for village in villages}) > 1:
        place = villages[0].kecamatan
    if len({village.kecamatan_id for village in villages}) > 1:
        place = villages[0].kecamatan.district
    return DataSubjects(place, children=0)


def _of_event(event: Event) -> list[tuple[str, str]]:
    days = [event.date, event.end_date] if event.end_date else [event.date]
    return [(_("Kegiatan"), event.title), (_("Tanggal"), " – ".join(map(spoken_date, days)))]
