"""One export, whatever its kind and form: asked for, checked, written, logged, then handed over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from registry.access.loaders import require_people_of
from registry.access.nik_policy import require_nik_reason
from registry.access.reading import require_list_reason
from registry.access.visible_places import Place, district_of, place_code
from registry.access.withheld import list_withheld
from registry.actions.export_log import record_export
from registry.errors import Invalid
from registry.exports import anthro, eppgbm, queries, sigizi
from registry.exports.file_writers import CONTENT_TYPES, WRITERS
from registry.exports.layout import ChildRow, LayoutSources, MeasurementColumns, MeasurementRow
from registry.exports.nik_masking import NikReader
from registry.exports.page_table import ExportTable, Value, list_columns, withheld_note
from registry.exports.queries import Months
from registry.models import ExportForm, ExportKind, ExportLog, User, Village

_IN_MEMORY = 8 * 1024 * 1024  # bytes; a puskesmas' month never touches the disk
_MASKED = "nik-disamarkan"

WITHOUT_NIK = frozenset({ExportKind.ANTHRO})
"""Layouts that have no column for it."""

FOR_OTHER_SYSTEMS = frozenset({ExportKind.EPPGBM, ExportKind.SIGIZI_IDENTITY, ExportKind.SIGIZI_MEASUREMENT})
"""Layouts that are loaded into another system, whoever takes them."""

MEASUREMENT_LAYOUTS: Mapping[ExportKind, MeasurementColumns] = {
    ExportKind.EPPGBM: eppgbm.COLUMNS,
    ExportKind.SIGIZI_MEASUREMENT: sigizi.MEASUREMENT_COLUMNS,
    ExportKind.ANTHRO: anthro.COLUMNS,
}
"""The layouts with a row for each measurement; that of :mod:`sigizi`'s identities has one for each child."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file ready to be sent, from its beginning; who takes it closes it.

    ``masked``: no NIK in it is whole. ``has_nik``: it is of a layout with NIK. ``withheld``: so many children
    are left out since consent was withdrawn.
    """

    file: IO[bytes]
    name: str
    content_type: str
    rows: int
    children: int
    masked: bool
    withheld: int
    has_nik: bool = True


def export(
    user: User,
    kind: ExportKind,
    place: Place,
    months: Months = (None, None),
    form: ExportForm = ExportForm.CSV,
    unmasked: bool = False,
    reason: str = "",
) -> ExportedFile:
    """Return the children or measurements of ``place`` in ``months`` as a file, which is logged before.

    Raises :class:`registry.errors.Refused`: NotFound for a place where ``user`` does not see everybody by
    name, Invalid for months the wrong way round, NIK that may not be whole or are not there, and no reason.
    """
    require_people_of(place, user)
    _require_months_in_order(months)
    has_nik = kind not in WITHOUT_NIK
    reason = _require_reason(user, kind, place, unmasked, reason)
    sources = _sources(kind, place, unmasked)
    found, withheld = _select(user, kind, place, months)
    rows = _CountedRows(_rows(kind, found, sources))
    masked = has_nik and not unmasked
    file = _write_file(form, _layout_table(kind, rows, masked, withheld))
    log = ExportLog(
        user=user,
        kind=kind,
        form=form,
        district=district_of(place),
        place_code=place_code(place),
        month_from=months[0],
        month_to=months[1],
        rows=rows.count,
        children=len(sources.children),
        withheld=withheld,
        unmasked=unmasked,
        reason=reason,
    )
    record_export(log)
    name, content = _file_name(kind, place, months, masked, form), CONTENT_TYPES[form]
    return ExportedFile(file, name, content, log.rows, log.children, not unmasked, withheld, has_nik)


def _require_reason(user: User, kind: ExportKind, place: Place, unmasked: bool, reason: str) -> str:
    """Return the reason as it is logged: for whole NIK, and for names of more than one village."""
    if unmasked and kind in WITHOUT_NIK:
        raise Invalid.of("layout_without_nik", "unmasked")
    if unmasked:
        return require_nik_reason(user, place, reason)
    village = place.pk if isinstance(place, Village) else ""
    return require_list_reason(user, village, reason) if kind not in WITHOUT_NIK else ""


def _sources(kind: ExportKind, place: Place, unmasked: bool) -> LayoutSources:
    return LayoutSources(
        NikReader(unmasked=unmasked),
        queries.village_names(place),
        queries.posyandu_names(place),
        queries.residence_histories(place) if kind == ExportKind.EPPGBM else {},
        defaultdict(count(1).__next__),
    )


def _select(user: User, kind: ExportKind, place: Place, months: Months) -> tuple[QuerySet[Any], int]:
    """Return what goes into the file, and how many children are left out of it."""
    is_of_children = kind == ExportKind.SIGIZI_IDENTITY
    child = "pk" if is_of_children else "child"
    found: QuerySet[Any] = (queries.children_of if is_of_children else queries.measurements_of)(
        user, place, months
    )
    withheld = list_withheld(None if kind in FOR_OTHER_SYSTEMS else user).values("child")
    left_out = found.filter(**{f"{child}__in": withheld}).order_by().values(child).distinct().count()
    return found.exclude(**{f"{child}__in": withheld}), left_out


def _layout_table(
    kind: ExportKind, rows: Iterable[Sequence[Value]], masked: bool, withheld: int
) -> ExportTable:
    return ExportTable(
        kind,
        list_columns(heading for heading, _value in _columns_of(kind)),
        rows,
        about=[*(_masking_note() if masked else ()), *withheld_note(withheld)],
        is_layout=True,
        has_bom=kind != ExportKind.ANTHRO,
    )


def _require_months_in_order(months: Months) -> None:
    first, last = months
    if first and last and first > last:
        raise Invalid.of("months_turned", "from")


def _write_file(form: ExportForm, table: ExportTable) -> IO[bytes]:
    file = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by who takes it
    try:
        WRITERS[form](file, table)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


class _CountedRows:
    """Rows that are counted while they are written."""

    def __init__(self, rows: Iterator[Sequence[Value]]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Sequence[Value]]:
        for row in self._rows:
            self.count += 1
            yield row


def _rows(kind: ExportKind, found: QuerySet[Any], sources: LayoutSources) -> Iterator[Sequence[Value]]:
    rows: Iterator[Any]
    if kind == ExportKind.SIGIZI_IDENTITY:
        numbered = enumerate(queries.children(found), start=1)
        rows = (ChildRow(number, child, sources) for number, child in numbered)
    else:
        pairs = enumerate(queries.measurements(found), start=1)
        rows = (MeasurementRow(number, child, sources, measured) for number, (child, measured) in pairs)
    columns = _columns_of(kind)
    for row in rows:
        sources.children[row.child.id]  # it gets its number
        yield [value(row) for _heading, value in columns]


def _columns_of(kind: ExportKind) -> Sequence[tuple[str, Callable[[Any], Value]]]:
    return MEASUREMENT_LAYOUTS.get(kind) or sigizi.IDENTITY_COLUMNS


def _masking_note() -> list[tuple[str, str]]:
    return [
        (
            "NIK",
            _(
                "NIK di berkas ini disamarkan. Berkas ini untuk dibaca saja: kalau diunggah kembali ke "
                "register atau ke Sigizi, anak tidak dikenali dari NIK-nya."
            ),
        )
    ]


def _file_name(kind: ExportKind, place: Place, months: Months, masked: bool, form: ExportForm) -> str:
    """Return ``eppgbm-33.01.02-2024-06-nik-disamarkan.xlsx``; no name of a person or a place.

    For WHO's analyser as ``anthro-33-01-02-2024-06.csv``, since it takes no name with another point in it.
    """
    month_texts = [f"{month:%Y-%m}" if month else "" for month in months]
    period = month_texts[0] if month_texts[0] == month_texts[1] else "..".join(month_texts)
    parts = [str(kind), place_code(place), period, _MASKED if masked else ""]
    stem = "-".join(part for part in parts if part)
    if kind == ExportKind.ANTHRO:
        stem = stem.replace("..", "_").replace(".", "-")
    return f"{stem}.{form}"
