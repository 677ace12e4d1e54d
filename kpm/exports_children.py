"""The lists of the cadres' pages with names of children, as rows to take away. Pure, but for what is loaded.

The NIK is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.audit_rows import audit_line
from kpm.card import Card
from kpm.case_rows import CaseQuestion, CaseState, case_lines
from kpm.case_words import step_action_words
from kpm.chart import GrowthChart
from kpm.follow_up import FollowUpRow, Reason, group_by_urgency, reason_words
from kpm.history import History
from kpm.home_visits import load_last_steps
from kpm.last_steps import find_last_step, load_steps
from kpm.models import Case, CaseAudit, CaseStep
from kpm.month_list import MonthListLine, section_words
from kpm.templatetags.site import age
from registry.access.visible_places import Place, place_code
from registry.access.withheld import leave_out_withheld
from registry.exports.cell_formatting import number, yes_no, z_score
from registry.exports.page_table import DataSubjects, ExportTable, Value, list_columns, withheld_note
from registry.figures.skdn import Skdn
from registry.models import Child, Measurement, MeasurementState, User, Village
from registry.remarks import remarks_words
from registry.validation_messages import spoken_date


def _birth_date(child: Child) -> str:
    """Return the birth date in words, and how it is known where it is estimated."""
    day = spoken_date(child.birth_date)
    return f"{day} ({child.get_birth_date_basis_display()})" if child.has_estimated_birth_date else day


def month_list(
    user: User,
    village: Village,
    month: date,
    lines: Iterable[MonthListLine],
    filtered_by: str = "",
    posyandu: str = "",
) -> ExportTable:
    """Return the roster of a month, for a file of ``user``; ``posyandu``: whose children it is, in words."""
    lines, withheld = leave_out_withheld(user, lines, lambda line: line.child.pk)
    rows = [
        (
            section_words(line.section),
            line.child.name,
            line.child.get_sex_display(),
            line.child.birth_date,
            age(line.age_days),
            line.child.parent_name,
            _posyandu(line.child),
            line.last.measured_on if line.last else None,
            *_values(line.last),
            line.last.get_position_display() if line.last and line.last.position else "",
            line.word,
            line.remarks,
        )
        for line in lines
    ]
    about = [*_of_village(village), (_("Bulan"), date_format(month, "F Y"))]
    if posyandu:
        about.append((_("Posyandu"), posyandu))
    return ExportTable(
        "roster",
        list_columns(_month_headings(), naming=1),
        rows,
        part=village.pk,
        month=month,
        filtered_by=filtered_by,
        about=[*about, *withheld_note(withheld)],
        subjects=DataSubjects(village, len(rows), withheld),
    )


def _month_headings() -> tuple[str, ...]:
    return (
        *(_("Bulan ini"), _("Nama anak"), _("Jenis kelamin"), _("Tanggal lahir"), _("Umur"), _("Orang tua")),
        *(_("Posyandu"), _("Terakhir diukur"), _("Berat (kg)"), _("Panjang/tinggi (cm)"), _("Cara ukur")),
        *(_("Kategori"), _("Keterangan")),
    )


def follow_up_list(
    user: User, village: Village, today: date, rows: Iterable[FollowUpRow], reason: Reason | None
) -> ExportTable:
    """Return whom to refer, visit or measure again, in the order of the page, for a file of ``user``."""
    rows, withheld = leave_out_withheld(user, rows, lambda row: row.child.pk)
    header = (
        *(
            _("Kapan"),
            _("Nama anak"),
            _("Jenis kelamin"),
            _("Umur"),
            _("Orang tua"),
            _("Posyandu"),
            "RT",
            "RW",
        ),
        *(_("Alasan"), _("Sejak"), _("Terakhir diukur"), _("Berat (kg)"), _("Panjang/tinggi (cm)")),
        *(_("LiLA (cm)"), _("Bengkak (edema) di kedua punggung kaki"), _("Langkah berikutnya")),
        *_step_headings(),
    )
    steps = load_last_steps(rows)
    made = [
        (heading, *_follow_up_cells(row), row.days_open, *_step_cells(steps.get(row.child.pk)))
        for heading, of in group_by_urgency(rows)
        for row in of
    ]
    about = [*_of_village(village), (_("Tanggal"), spoken_date(today))]
    if reason:
        about.append((_("Alasan"), reason_words(reason)))
    about += withheld_note(withheld)
    return ExportTable(
        "follow-up",
        list_columns(header, naming=1),
        made,
        part=village.pk,
        filtered_by=reason.value if reason else "",
        about=about,
        subjects=DataSubjects(village, len(made), withheld),
    )


def cases_list(user: User, asked: CaseQuestion, cases: Iterable[Case]) -> ExportTable:
    """Return the cases that were asked for, for a file of ``user``."""
    lines, withheld = leave_out_withheld(
        user, case_lines(cases, asked.today), lambda line: line.case.child_id
    )
    header = (
        *(_("Nama anak"), _("Jenis kelamin"), _("Tanggal lahir"), _("Orang tua"), _("Desa/kelurahan")),
        *(_("Posyandu"), _("Alasan"), _("Dibuka"), _("Status"), "RT", "RW", *_step_headings()),
    )
    steps = load_steps({line.case.child_id for line in lines})
    rows = [
        (
            line.case.child.name,
            line.case.child.get_sex_display(),
            line.case.child.birth_date,
            line.case.child.parent_name,
            line.case.lives_in.name,
            _posyandu(line.case.child),
            line.standing.word,
            line.case.opened_on,
            line.state,
            line.case.child.rt,
            line.case.child.rw,
            line.case.days_open(asked.today),
            *_step_cells(find_last_step([line.case], steps.get(line.case.child_id, []))),
        )
        for line in lines
    ]
    about = [(_("Wilayah"), asked.place.name), (_("Kasus"), asked.words), *withheld_note(withheld)]
    return ExportTable(
        "cases",
        list_columns(header),
        rows,
        part=place_code(asked.place),
        month=asked.found_in,
        filtered_by="" if asked.state == CaseState.ALL else asked.state.value,
        about=about,
        subjects=DataSubjects(asked.place, len({line.case.child_id for line in lines}), withheld),
    )


def audits_list(user: User, place: Place, audits: Iterable[CaseAudit], today: date) -> ExportTable:
    """Return the audits of a place, a decision a row, for a file of ``user``."""
    audits, withheld = leave_out_withheld(user, audits, lambda audit: audit.child_id)
    header = (
        *(_("Nama anak"), _("Tanggal lahir"), _("Desa/kelurahan"), _("Kasus"), _("Dipilih"), _("Selesai")),
        *(_("Penyebab"), _("Keputusan"), _("Penanggung jawab"), _("Batas waktu"), _("Dikerjakan")),
    )
    rows: list[tuple[Value, ...]] = []
    for audit in audits:
        line, child = audit_line(audit, today), audit.child
        about = (child.name, child.birth_date, child.village.name, line.case, audit.chosen_on)
        about_audit = (*about, audit.concluded_on, line.causes)
        decided = [(d.text, d.responsible, d.due_on, d.done_on) for d in audit.decisions.all()]
        rows += [(*about_audit, *one) for one in decided] or [(*about_audit, "", "", None, None)]
    return ExportTable(
        "audits",
        list_columns(header),
        rows,
        part=place_code(place),
        about=[(_("Wilayah"), place.name), (_("Tanggal"), spoken_date(today)), *withheld_note(withheld)],
        subjects=DataSubjects(place, len({audit.child_id for audit in audits}), withheld),
    )


def _follow_up_cells(row: FollowUpRow) -> tuple[Value, ...]:
    child, last = row.child, row.last
    reasons = "; ".join(
        _("%(reason)s sejak %(date)s") % {"reason": b.word, "date": spoken_date(b.since)} for b in row.reasons
    )
    return (
        child.name,
        child.get_sex_display(),
        age(row.age_days),
        child.parent_name,
        _posyandu(child),
        child.rt,
        child.rw,
        reasons,
        row.reasons[0].since,
        last.measured_on if last else None,
        *_values(last),
        number(last.muac_cm) if last else None,
        yes_no(last.oedema) if last else "",
        " ".join(row.next_steps),
    )


def skdn_followed_list(user: User, found: Skdn) -> ExportTable:
    """Return the children with 2T or BGM of the weighing report, for a file of ``user``."""
    followed, withheld = leave_out_withheld(user, found.followed, lambda one: one.child.pk)
    rows = [
        (
            one.child.name,
            str(one.month.age_group.label),
            _posyandu(one.child),
            yes_no(one.month.twice_not_gained),
            yes_no(one.month.below_red_line),
        )
        for one in followed
    ]
    return ExportTable(
        "skdn-followed",
        list_columns((_("Nama anak"), _("Umur"), _("Posyandu"), "2T", "BGM")),
        rows,
        part=found.village.pk,
        month=found.month,
        about=[
            *_of_village(found.village),
            (_("Bulan"), date_format(found.month, "F Y")),
            *withheld_note(withheld),
        ],
        subjects=DataSubjects(found.village, len(rows), withheld),
    )


def measurements_list(child: Child, history: History) -> ExportTable:
    """Return all that was ever measured of a child, newest first, with what became of it."""
    header = (
        *(_("Tanggal"), _("Umur"), _("Berat (kg)"), _("Panjang/tinggi (cm)"), _("Cara ukur"), _("N/T/O/B")),
        *(_("TB/U"), _("BB/U"), _("BB/TB"), _("Di luar batas WHO"), _("Status"), _("Dicatat oleh")),
        _("Keterangan"),
    )
    rows = [
        (
            m.measured_on,
            age(m.age_days),
            *_values(m),
            m.get_position_display() if m.position else "",
            m.gain,
            *(z_score(z) for z in (m.haz, m.waz, m.whz)),
            ", ".join(_flagged_indices(m)),
            state_words(m),
            str(m.recorded_by),
            remarks_words(m),
        )
        for m in history.rows
    ]
    return _of_child("child", child, header, rows)


def chart_list(child: Child, chart: GrowthChart) -> ExportTable:
    """Return the numbers of one growth chart, oldest first."""
    header = [_("Tanggal"), chart.x_title, chart.y_title, _("z-score"), _("Kategori")]
    if chart.corrections:
        header.append(_("z-score umur koreksi"))
    if chart.strokes:
        header.append(_("Bulan depan paling sedikit (kg)"))
    rows = [
        (
            *(p.on, p.across_value, p.read, z_score(p.z), p.word),
            *([z_score(p.corrected_z)] if chart.corrections else []),
            *([p.least_kg] if chart.strokes else []),
        )
        for p in chart.points
    ]
    return _of_child(f"chart-{chart.key}", child, header, rows)


def card_list(child: Child, card: Card) -> ExportTable:
    """Return the table of the family's card."""
    header = (
        *(_("Tanggal"), _("Umur"), _("Berat (kg)"), _("Panjang/tinggi (cm)"), _("Berat badan")),
        _("Kategori"),
    )
    rows = [
        (
            row.measurement.measured_on,
            age(row.measurement.age_days),
            *_values(row.measurement),
            row.gain,
            row.word,
        )
        for row in card.rows
    ]
    return _of_child("card", child, header, rows)


def state_words(m: Measurement) -> str:
    """Return what became of a measurement, and why."""
    if m.state == MeasurementState.VOID:
        return _("Dibatalkan oleh %(by)s: %(reason)s") % {"by": m.voided_by, "reason": m.reason}
    if m.state == MeasurementState.SUPERSEDED:
        return _("Diganti: %(reason)s") % {"reason": m.superseded_by.reason if m.superseded_by else ""}
    if m.state == MeasurementState.PENDING_CHOICE:
        return _("Menunggu pilihan bidan desa")
    return _("Koreksi: %(reason)s") % {"reason": m.reason} if m.reason else capfirst(m.get_state_display())


def _of_child(key: str, child: Child, header: Sequence[str], rows: Sequence[Sequence[Value]]) -> ExportTable:
    """Return a list about one child: its number in the file's name, its name on the sheet."""
    about = [
        (_("Nama anak"), child.name),
        (_("Jenis kelamin"), child.get_sex_display()),
        (_("Tanggal lahir"), _birth_date(child)),
        *_of_village(child.village),
    ]
    return ExportTable(
        key,
        list_columns(header),
        rows,
        part=str(child.pk),
        about=about,
        subjects=DataSubjects(child.village, 1),
    )


def _step_headings() -> tuple[str, ...]:
    """Return the headings of how long a case is open and of what was done last in it."""
    return _("Hari terbuka"), _("Langkah terakhir"), _("Tanggal langkah terakhir")


def _step_cells(step: CaseStep | None) -> tuple[Value, Value]:
    return (step_action_words(step.action, step.referred_to), step.on) if step else ("", None)


def _of_village(village: Village) -> list[tuple[str, str]]:
    return [(_("Desa/kelurahan"), f"{village.name} ({village.pk})"), (_("Kecamatan"), village.kecamatan.name)]


def _posyandu(child: Child) -> str:
    return child.posyandu.name if child.posyandu else ""


def _values(m: Measurement | None) -> tuple[Value, Value]:
    if m is None:
        return None, None
    values: tuple[Decimal | None, Decimal | None] = (m.weight_kg, m.lenhei_cm)
    return number(values[0]), number(values[1])


def _flagged_indices(m: Measurement) -> list[str]:
    """Return the indices of the table whose value WHO's limits do not believe."""
    flags = ((m.haz_flag, _("TB/U")), (m.waz_flag, _("BB/U")), (m.whz_flag, _("BB/TB")))
    return [words for flag, words in flags if flag]
