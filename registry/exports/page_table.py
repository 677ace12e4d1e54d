"""A table or list of a page as a file: what the page shows, row for row, as it was filtered.

Counts are an address like any other (``?format=csv&table=ages``). A list that names people is asked for with
POST, since it is logged before its first byte and a GET never writes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from registry.access.decorators import user_of
from registry.access.query import BadQuery
from registry.access.visible_places import Place, district_of, place_code
from registry.exports.file_writers import CONTENT_TYPES, WRITERS, Look, Row, Table
from registry.models import ExportForm, ExportKind, ExportLog

FORMS = (ExportForm.CSV, ExportForm.XLSX)
"""What ``format`` may be. Excel 97-2003 is for Sigizi, which asks for it."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is named in a list, for the log: where they are, and how many of them are children."""

    place: Place
    children: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A table or list of a page. ``header``: the page's own words. ``part``: what the file is of beside
    ``key``, for its name; never the name of anybody. ``asked``: how it is filtered, for the name and the log.
    ``about``: lines of the sheet behind it. ``names``: the column that names a row. ``people``: None where
    nobody is named.
    """

    key: str
    header: Sequence[str]
    rows: Sequence[Row]
    part: str = ""
    month: date | None = None
    asked: str = ""
    about: Sequence[tuple[str, str]] = ()
    names: int = 0
    people: People | None = None

    @property
    def file_stem(self) -> str:
        """As ``follow-up-33.01.02.2016-stunted``."""
        month = f"{self.month:%Y-%m}" if self.month else ""
        return "-".join(part for part in (self.key, self.part, month, self.asked) if part)


Lists = Mapping[str, Callable[[], Listed]]
"""The lists of a page by their name in ``table``; each is made when it is called."""


def file_asked(request: HttpRequest, lists: Lists) -> HttpResponse | None:
    """The list that the address (or the button) asks for as a file; None when it asks for the page.

    Raises BadQuery for a form or list that is not there, and for names without a button.
    """
    data = request.POST if request.method == "POST" else request.GET
    asked, key = data.get("format", ""), data.get("table", "")
    if not asked:
        return None
    if asked not in FORMS:
        raise BadQuery(_("Bentuk berkas itu tidak ada. Yang ada: %(names)s.") % {"names": ", ".join(FORMS)})
    if (key and key not in lists) or not lists:
        raise BadQuery(
            _("Tabel itu tidak ada di halaman ini. Yang ada: %(names)s.") % {"names": ", ".join(lists) or "–"}
        )
    listed = lists[key or next(iter(lists))]()
    if listed.people is not None and request.method != "POST":
        raise BadQuery(
            _("Daftar ini memuat nama, jadi pengambilannya dicatat. Ambil lewat tombolnya di halaman itu.")
        )
    return _answer(request, listed, ExportForm(asked))


def _answer(request: HttpRequest, listed: Listed, form: ExportForm) -> HttpResponse:
    content = _written(listed, form)
    if listed.people is not None:
        _log(request, listed, listed.people, form)
    disposition = f'attachment; filename="{listed.file_stem}.{form}"'
    return HttpResponse(
        content, content_type=CONTENT_TYPES[form], headers={"Content-Disposition": disposition}
    )


def _written(listed: Listed, form: ExportForm) -> bytes:
    file = BytesIO()
    look = Look(_("Daftar"), _("Keterangan"), listed.names)
    WRITERS[form](file, Table(listed.header, listed.rows, listed.about, look=look))
    return file.getvalue()


def _log(request: HttpRequest, listed: Listed, people: People, form: ExportForm) -> None:
    ExportLog.objects.create(
        user=user_of(request),
        kind=ExportKind.SHOWN,
        page=" ".join(part for part in (listed.key, listed.asked) if part),
        form=form,
        district=district_of(people.place),
        place_code=place_code(people.place),
        month_from=listed.month,
        month_to=listed.month,
        rows=len(listed.rows),
        children=people.children,
    )


def moment(at: datetime | None) -> datetime | None:
    """A moment as a spreadsheet knows it: local, without its zone, to the minute."""
    return timezone.localtime(at).replace(tzinfo=None, second=0, microsecond=0) if at else None
