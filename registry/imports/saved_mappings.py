"""Remembered mappings of columns: found by name, laid over a file, kept for the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from registry.actions.uploads import LONGEST_MAPPING_NAME, save_column_mapping
from registry.errors import Invalid, NotFound
from registry.growth.cells.column_names import plain_heading
from registry.growth.cells.text import Cell, text_of
from registry.imports.answers import ImportAnswers
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.named_mapping import LaidMapping, lay_mapping
from registry.models import ColumnMapping, User


def mappings_of(user: User) -> list[ColumnMapping]:
    """Those ``user`` may use, by name."""
    return list(ColumnMapping.objects.visible_to(user).select_related("user").order_by("name"))


def mapping_named(user: User, name: str) -> ColumnMapping:
    """Raises :class:`registry.errors.NotFound` with the names there are."""
    known = {mapping.name.casefold(): mapping for mapping in mappings_of(user)}
    found = known.get(name.strip().casefold())
    if found is None:
        names = ", ".join(mapping.name for mapping in known.values()) or "-"
        raise NotFound(
            "mapping_unknown",
            _("Tidak ada pemetaan kolom bernama “%(name)s”. Yang ada: %(names)s.")
            % {"name": name, "names": names},
            "mapping",
        )
    return found


def answers_with_mapping(
    mapping: ColumnMapping, sheets: Sequence[Sheet], answers: ImportAnswers
) -> ImportAnswers:
    """``answers`` with the columns of a remembered mapping, in the first sheet that has them all.

    Raises Invalid for the first column that no sheet has.
    """
    problem: Invalid | None = None
    for sheet in sheets:
        try:
            laid = lay_mapping(mapping.columns, sheet, mapping.header_row)
        except Invalid as invalid:
            problem = problem or invalid
            continue
        return replace(answers, mapping=laid.columns, header_row=laid.header_row, sheet=sheet.name)
    raise problem or Invalid("rows_missing", _("Berkas ini kosong."), "file")


def find_fitting_mapping(user: User, sheet: Sheet) -> tuple[ColumnMapping, LaidMapping] | None:
    """The remembered mapping all of whose headers ``sheet`` has, the one of most columns; None without any.

    Numbers alone fit every sheet, so a mapping without headers is never taken by itself.
    """
    fitting: list[tuple[int, ColumnMapping, LaidMapping]] = []
    for mapping in mappings_of(user):
        if not any(isinstance(column, str) for column in mapping.columns.values()):
            continue
        try:
            fitting.append((len(mapping.columns), mapping, lay_mapping(mapping.columns, sheet)))
        except Invalid:
            continue
    if not fitting:
        return None
    _count, mapping, laid = max(fitting, key=lambda one: one[0])
    return mapping, laid


def find_mapping_of_another(user: User, name: str) -> ColumnMapping | None:
    """The mapping that somebody else remembers under that name."""
    wanted = name.strip()[:LONGEST_MAPPING_NAME].casefold()
    theirs = (one for one in mappings_of(user) if one.user_id != user.pk)
    return next((one for one in theirs if one.name.casefold() == wanted), None)


def name_used_error(mapping: ColumnMapping) -> Invalid:
    """Whoever chooses other columns than a colleague remembers has to call them otherwise."""
    return Invalid(
        "mapping_of_another",
        _("Nama “%(name)s” sudah dipakai %(user)s. Pilih nama lain.")
        % {"name": mapping.name, "user": mapping.user},
        "name",
    )


def remember_mapping(
    *, by: User, name: str, columns: Mapping[str, int], header_row: int, names: Sequence[Cell]
) -> None:
    """Store a mapping under a name, in place of one of that name.

    A column with a header of its own is stored by that, which survives a column put in before.
    """
    spellings = [plain_heading(cell) for cell in names]
    kept = {
        field: text_of(names[i])
        if i < len(names) and spellings.count(spellings[i]) == 1 and spellings[i]
        else i
        for field, i in columns.items()
    }
    by_header = any(isinstance(column, str) for column in kept.values())
    save_column_mapping(by=by, name=name, columns=kept, header_row=None if by_header else header_row)
