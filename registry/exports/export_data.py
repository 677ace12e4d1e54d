"""One export, whatever its kind and form: asked for, checked, written, logged, then handed over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from django.utils.translation import gettext as _

from registry.access.loaders import require_people_of
from registry.access.nik_policy import require_nik_reason
from registry.access.visible_places import Place, district_of, place_code
from registry.errors import Invalid
from registry.exports import anthro, eppgbm, queries, sigizi
from registry.exports.file_writers import CONTENT_TYPES, WRITERS, Row, Table
from registry.exports.nik_masking import Niks
from registry.exports.queries import Histories, Months, Places
from registry.models import ExportForm, ExportKind, ExportLog, User

_IN_MEMORY = 8 * 1024 * 1024  # bytes; a puskesmas' month never touches the disk
_MASKED = "nik-disamarkan"

WITHOUT_NIK = frozenset({ExportKind.ANTHRO})
"""Layouts that have no column for it."""

_HEADERS = {
    ExportKind.EPPGBM: eppgbm.HEADER,
    ExportKind.SIGIZI_IDENTITY: sigizi.IDENTITY,
    ExportKind.SIGIZI_MEASUREMENT: sigizi.MEASUREMENT,
    ExportKind.ANTHRO: anthro.HEADER,
}


@dataclass(frozen=True, slots=True)
class Exported:
    """A file ready to be sent, from its beginning; whoever takes it closes it. ``masked``: no NIK in it is
    whole. ``has_nik``: it is of a layout with NIK.
    """

    file: IO[bytes]
    name: str
    content_type: str
    rows: int
    children: int
    masked: bool
    has_nik: bool = True


@dataclass
class _Tally:
    rows: int = 0
    children: set[UUID] = field(default_factory=set)


def export(
    user: User,
    kind: ExportKind,
    place: Place,
    months: Months = (None, None),
    form: ExportForm = ExportForm.CSV,
    unmasked: bool = False,
    reason: str = "",
) -> Exported:
    """The children or measurements of ``place`` in ``months`` as a file; the log has it before anybody else.

    Raises :class:`registry.errors.Refused`: NotFound for a place where ``user`` does not see everybody by
    name, Invalid for months the wrong way round and for NIK that may not be whole or are not there at all.
    """
    require_people_of(place, user)
    _check(months)
    has_nik = kind not in WITHOUT_NIK
    if unmasked and not has_nik:
        raise _no_nik_there()
    reason = require_nik_reason(user, place, reason) if unmasked else ""
    tally = _Tally()
    rows = _rows(user, kind, place, months, Niks(unmasked=unmasked), tally)
    masked = has_nik and not unmasked
    table = Table(_HEADERS[kind], rows, _note() if masked else (), mark=kind != ExportKind.ANTHRO)
    file = _written(form, table)
    ExportLog.objects.create(
        user=user,
        kind=kind,
        form=form,
        district=district_of(place),
        place_code=place_code(place),
        month_from=months[0],
        month_to=months[1],
        rows=tally.rows,
        children=len(tally.children),
        unmasked=unmasked,
        reason=reason,
    )
    name = _name(kind, place, months, masked, form)
    return Exported(file, name, CONTENT_TYPES[form], tally.rows, len(tally.children), not unmasked, has_nik)


def _no_nik_there() -> Invalid:
    return Invalid(
        "layout_without_nik",
        _("Isi berkas ini tidak memuat NIK, jadi NIK utuh tidak bisa diminta. Ambil tanpa NIK utuh."),
        "unmasked",
    )


def _check(months: Months) -> None:
    first, last = months
    if first and last and first > last:
        raise Invalid("months_turned", _("Bulan awal sesudah bulan akhir. Tukar keduanya."), "from")


def _written(form: ExportForm, table: Table) -> IO[bytes]:
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by whoever takes it
    try:
        WRITERS[form](file, table)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _rows(
    user: User, kind: ExportKind, place: Place, months: Months, niks: Niks, tally: _Tally
) -> Iterator[Row]:
    places, numbers = Places(place), anthro.Numbers()
    if kind == ExportKind.SIGIZI_IDENTITY:
        for person in queries.children(user, place, months):
            yield sigizi.identity(_counted(tally, person.id), person, places, niks)
        return
    histories = Histories(place) if kind == ExportKind.EPPGBM else None
    for person, seen in queries.measurements(user, place, months):
        no = _counted(tally, person.id)
        if histories:
            yield eppgbm.row(no, person, seen, places, histories, niks)
        elif kind == ExportKind.SIGIZI_MEASUREMENT:
            yield sigizi.measurement(no, person, seen, niks)
        else:
            yield anthro.row(person, seen, places, numbers)


def _counted(tally: _Tally, child: UUID) -> int:
    """The number of the row."""
    tally.rows += 1
    tally.children.add(child)
    return tally.rows


def _note() -> list[tuple[str, str]]:
    return [
        (
            "NIK",
            _(
                "NIK di berkas ini disamarkan. Berkas ini untuk dibaca saja: bila diunggah kembali ke "
                "register atau ke Sigizi, anak tidak dikenali dari NIK-nya."
            ),
        )
    ]


def _name(kind: ExportKind, place: Place, months: Months, masked: bool, form: ExportForm) -> str:
    """As ``eppgbm-33.01.02-2024-06-nik-disamarkan.xlsx``; no name of a person or a place.

    For WHO's analyser as ``anthro-33-01-02-2024-06.csv``, since it takes no name with another point in it.
    """
    spoken = [f"{month:%Y-%m}" if month else "" for month in months]
    period = spoken[0] if spoken[0] == spoken[1] else "..".join(spoken)
    parts = [str(kind), place_code(place), period, _MASKED if masked else ""]
    stem = "-".join(part for part in parts if part)
    if kind == ExportKind.ANTHRO:
        stem = stem.replace("..", "_").replace(".", "-")
    return f"{stem}.{form}"
