"""The rows of a file that came in, as its preview shows them, and the files of a user. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from registry.access.visible_places import Place
from registry.exports.cell_formatting import moment
from registry.exports.page_table import DataSubjects, ExportTable, Value, list_columns
from registry.imports.counted import stored_counts
from registry.imports.report import RowReport
from registry.imports.row_notes import format_decimal
from registry.imports.upload_steps import WORKING
from registry.models import Upload
from registry.validation_messages import spoken_date


def report_list(
    upload: Upload,
    rows: Sequence[RowReport],
    place: Place,
    asked: str = "",
    words: str = "",
    notes: Iterable[str] = (),
) -> ExportTable:
    """Return ``rows`` of the preview of ``upload`` as a table to export; ``notes`` are of the whole file.

    They are those the page's filter ``asked`` for (in ``words``), or all. NIK are masked already.

    ``place`` is where the user who handed it in works (``access.loaders.find_widest_place``), for the log.
    """
    header = _header(upload)
    made: list[tuple[Value, ...]] = [_cells(row) for row in rows]
    if any(row.sheet for row in rows):
        header = (*header, _("Lembar"))
        made = [(*cells, row.sheet) for cells, row in zip(made, rows, strict=True)]
    about = [(_("Berkas"), upload.file_name)]
    if asked:
        about.append((_("Hasil"), words))
    about += [(_("Kolom"), note) for note in notes]
    return ExportTable(
        "import",
        list_columns(header, naming=3),
        made,
        part=str(upload.pk),
        filtered_by=asked,
        about=about,
        subjects=DataSubjects(place, children=_count_children(upload, rows)),
    )


def _header(upload: Upload) -> tuple[str, ...]:
    return (
        *(_("Baris"), _("Hasil"), _("Kode"), _("Nama") if upload.kind else _("Nama anak"), _("NIK")),
        *(_("Isi baris"), _("Tempat"), _("Tanggal ukur")),
        *(_("Keterangan"), _("Catatan"), _("Beda z-score")),
    )


def uploads_list(uploads: Iterable[Upload]) -> ExportTable:
    """The files that a user handed in, newest first."""
    header = (
        *(_("Berkas"), _("Status"), _("Diunggah"), _("Disimpan"), _("Ditarik kembali")),
        *(_("Anak baru"), _("Pengukuran baru")),
    )
    rows = [
        (
            upload.file_name,
            _state(upload),
            moment(upload.created_at),
            moment(upload.committed_at),
            moment(upload.taken_back_at),
            *map(stored_counts(upload).get, ("children_new", "measurements_new")),
        )
        for upload in uploads
    ]
    return ExportTable("uploads", list_columns(header), rows)


def _cells(row: RowReport) -> tuple[Value, ...]:
    return (
        row.number,
        str(row.outcome.words),
        row.code,
        row.name,
        row.nik,
        row.said or ", ".join(_as_read(row)),
        row.place,
        row.measured_on,
        row.sentence,
        " ".join(note.sentence for note in row.notes),
        "; ".join(z.sentence for z in row.differences),
    )


def _as_read(row: RowReport) -> Iterator[str]:
    """As the preview says it, in one cell, so that nobody takes what is looked at for a table to hand in."""
    if row.born:
        yield row.sex
        yield _("lahir %(born)s") % {"born": spoken_date(row.born)}
    for value, unit in ((row.weight_kg, "kg"), (row.lenhei_cm, "cm")):
        if value is not None:
            yield f"{format_decimal(value)} {unit}"


def _count_children(upload: Upload, rows: Sequence[RowReport]) -> int:
    """Return how many children the rows name; those of another kind name some that the register has."""
    named = [row for row in rows if row.name and (not upload.kind or row.child_id)]
    return len({_child(row) for row in named})


def _child(row: RowReport) -> object:
    """What tells one child from another: who it is in the register, else what the row says."""
    return row.child_id or (row.nik, row.name)


def _state(upload: Upload) -> str:
    if upload.step in WORKING:
        return capfirst(upload.get_step_display())
    if upload.taken_back_at:
        return _("Ditarik kembali")
    return _("Disimpan") if upload.committed_at else _("Belum disimpan")
