"""From one line of a table to a row that can be matched, or the first reason why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from registry.actions import Observation
from registry.errors import Invalid
from registry.growth.cells.ages import age_of, days_off, fits_age
from registry.growth.cells.codes import Absence, absence_of, oedema_of, yes_or_no
from registry.growth.cells.date_evidence import (
    DatesAgainstColumn,
    DecidedDates,
    RowDates,
    RowEvidence,
    decide_dates,
    years_off,
)
from registry.growth.cells.dates import DateCell, Orders, WrittenDate, sure_day
from registry.growth.cells.text import quote, repeated_words, words_of
from registry.imports.answers import RowKeys
from registry.imports.report import RowNote
from registry.imports.tables.cells import nik_of, position_of, sex_of
from registry.imports.tables.layout import Table
from registry.imports.tables.measures import MeasuredPerson, RowMeasures
from registry.imports.tables.row_read import RowRead, WrittenDeparture, WrittenHome
from registry.imports.tables.table_rows import SheetRow
from registry.imports.tables.written_departure import find_departure
from registry.models import BirthDateBasis, Child, ChildStatus, Position, Posyandu, Sex
from registry.nik import NikWarning, is_possible, is_whole, nik_warnings
from registry.validation_messages import nik_in_file_message, spoken_date

_LONGEST_RT = Child._meta.get_field("rt").max_length or 0
_ROOM: Mapping[str, tuple[int, Promise]] = {
    "name": (Child._meta.get_field("name").max_length or 0, gettext_lazy("Nama")),
    "parent": (Child._meta.get_field("parent_name").max_length or 0, gettext_lazy("Nama orang tua")),
    "posyandu": (Posyandu._meta.get_field("name").max_length or 0, gettext_lazy("Nama posyandu")),
    "address": (Child._meta.get_field("address").max_length or 0, gettext_lazy("Alamat")),
}
"""The most letters that the register keeps of each, and its title."""

_NEIGHBOURHOOD = re.compile(r"^R[TW][\s.:]*(?=\d)", re.IGNORECASE)
_BASES = {"bulan": BirthDateBasis.MONTH, "umur": BirthDateBasis.AGE}
_STATUSES = {"meninggal": ChildStatus.DIED, "pindah keluar kabupaten": ChildStatus.MOVED}


@dataclass
class RowReader:
    """Reads one line of a table."""

    line: SheetRow
    keys: RowKeys
    bent: bool
    table: Table
    notes: list[RowNote] = field(default_factory=list)
    basis: BirthDateBasis = BirthDateBasis.DAY
    visited_on: date | None = None

    def read(self, born: DateCell, measured: DateCell, evidence: RowEvidence, orders: Orders) -> RowRead:
        """Return the row. Raises Refused for the first thing in it that cannot be read."""
        line = self.line
        sex, nik = self._sex(), self._nik()
        quantities = RowMeasures(line, bent_file=self.bent)
        absence = quantities.why_not_measured() if self.table.measures else None
        dates = self._dates_of_visit(absence, born, measured, evidence, orders)
        self._look_at_nik(nik, dates.born, sex)
        seen = self._observation(quantities, sex, dates) if self.table.measures and absence is None else None
        rt, rw, address = self._neighbourhood()
        return RowRead(
            number=line.number,
            keys=self.keys,
            name=self._cut_to_fit("name", words_of(line["name"])),
            nik=nik,
            sex=sex,
            birth_date=dates.born,
            birth_date_basis=self._written_basis() or self.basis,
            birth_weight_kg=quantities.birth_weight(),
            birth_length_cm=quantities.birth_length(),
            gestation_weeks=quantities.gestation_weeks(),
            parent=self._cut_to_fit("parent", words_of(line["parent"])),
            district=repeated_words(line["district"]),
            kecamatan=repeated_words(line["kecamatan"]),
            puskesmas=repeated_words(line["puskesmas"]),
            village=repeated_words(line["village"]),
            village_code=repeated_words(line["village_code"]),
            place=self.table.place,
            posyandu=self._posyandu(),
            rt=rt,
            rw=rw,
            address=address,
            growth_book=yes_or_no(line["growth_book"]),
            homes=self._homes(dates),
            left=self._departure(dates),
            departs=find_departure(line, self.visited_on, is_measured=seen is not None),
            seen=seen,
            file_z=quantities.file_z(),
            notes=(*self.notes, *quantities.notes),
        )

    def _sex(self) -> Sex:
        sex = sex_of(self.line["sex"])
        if sex is None:
            raise Invalid(
                "sex_unknown",
                _("Jenis kelamin “%(written)s” tidak dikenal. Tulis L atau P.")
                % {"written": quote(self.line["sex"])},
                "sex",
            )
        return sex

    def _nik(self) -> str:
        """Empty for 16 digits that are no NIK."""
        nik = nik_of(self.line["nik"])
        if not is_whole(nik) or is_possible(nik):
            return nik
        sentence = _("NIK di berkas bukan NIK yang mungkin, jadi dikosongkan; anak dicari dari namanya.")
        self._say("nik_impossible", sentence, repaired=True)
        return ""

    def _dates(
        self,
        born: DateCell,
        measured: DateCell,
        evidence: RowEvidence,
        orders: Orders,
    ) -> DecidedDates:
        row = RowDates(
            self._require_date("birth_date", born), self._require_date("measured_on", measured), evidence
        )
        decided = decide_dates(row, orders)
        if decided is None:
            raise self._undecided_error(row, orders)
        if isinstance(decided, DatesAgainstColumn):
            raise self._against_column_error(decided)
        for written, day in zip(row.cells, decided, strict=True):
            if written.stored and written.stored != day:
                sentence = _("Tanggal %(written)s di berkas tertukar hari dan bulannya; dibaca %(read)s.")
                said = {"written": written.stored.isoformat(), "read": day.isoformat()}
                self._say("date_turned", sentence % said, repaired=True)
        return decided

    def _dates_of_visit(
        self, absence: str | None, born: DateCell, measured: DateCell, evidence: RowEvidence, orders: Orders
    ) -> DecidedDates:
        """The dates of a row. Of a child that was not measured the day may be missing, or be one of two.

        Then today stands for it, since nobody is born later, and an age that was true that day says nothing.
        """
        is_open = measured is None or (isinstance(measured, WrittenDate) and len(measured.meanings) > 1)
        is_without_day = absence is not None and (is_open or absence_of(self.line["measured_on"]))
        if is_without_day:
            today = timezone.localdate()
            measured = WrittenDate(today, today)
            evidence = evidence._replace(age=None)
        dates = self._dates(born, measured, evidence, orders)
        self._say_estimate(dates.born)
        if not is_without_day:
            self._look_at_age(dates, evidence)
            self.visited_on = dates.measured if self.table.measures else None
        if absence is not None:
            if dates.measured < dates.born:
                raise Invalid.of("before_birth", "measured_on", birth=dates.born)
            sentence = _("Tidak diukur: %(words)s.") if absence else _("Tidak diukur.")
            self._say("not_measured", sentence % {"words": absence})
        return dates

    def _against_column_error(self, dates: DatesAgainstColumn) -> Invalid:
        """Say what the cell means and what its NIK or age says: only a person knows which is wrong."""
        name = ("birth_date", "measured_on")[dates.which]
        sentence = (
            _(
                "Tanggal lahir “%(written)s” berarti %(column)s seperti kolomnya, tetapi menurut NIK "
                "atau umurnya %(evidence)s. Betulkan yang salah di berkas asal, atau lewati baris ini."
            ),
            _(
                "Tanggal pengukuran “%(written)s” berarti %(column)s seperti kolomnya, tetapi menurut "
                "NIK atau umurnya %(evidence)s. Betulkan yang salah di berkas asal, atau lewati baris "
                "ini."
            ),
        )[dates.which]
        said = {
            "written": quote(self.line[name]),
            "column": spoken_date(dates.by_column),
            "evidence": spoken_date(dates.by_evidence),
        }
        return Invalid("date_against_column", sentence % said, name)

    def _undecided_error(self, row: RowDates, orders: Orders) -> Invalid:
        """Why the dates of the row cannot be told. Of days and months one answer may settle the column."""
        years = [written.year_first is not None for written in (row.born, row.measured)]
        first = years[0] if any(years) else len(row.born.meanings) > 1 and orders.born is None
        open_field, written = ("birth_date", row.born) if first else ("measured_on", row.measured)
        can_answer = not any(years) and any(
            len(one.meanings) > 1 and order is None
            for one, order in ((row.born, orders.born), (row.measured, orders.measured))
        )
        if written.stored:
            sentence = _(
                "Hari dan bulan tanggal %(written)s mungkin tertukar, dan tidak ada yang memastikannya. "
                "Pilih urutan kolomnya, atau betulkan di berkas asal."
            )
        elif can_answer:
            sentence = _(
                "Tanggal “%(written)s” bisa berarti dua hari. Jawab pertanyaan tentang urutan hari dan "
                "bulan, atau betulkan di berkas asal."
            )
        else:
            sentence = _(
                "Tanggal “%(written)s” bisa berarti dua hari; kolom, umur maupun NIK tidak "
                "memastikannya. Tulis seperti 2024-06-12."
            )
        return Invalid(
            "year_order" if any(years) else "date_order",
            sentence % {"written": quote(self.line[open_field])},
            open_field,
        )

    def _require_date(self, name: str, written: DateCell) -> WrittenDate:
        if isinstance(written, WrittenDate):
            return written
        sentence = {
            ("birth_date", True): _("Tanggal lahir kosong."),
            ("birth_date", False): _("Tanggal lahir “%(written)s” tidak terbaca. Tulis seperti 2024-06-12."),
            ("measured_on", True): _("Tanggal pengukuran kosong."),
            ("measured_on", False): _(
                "Tanggal pengukuran “%(written)s” tidak terbaca. Tulis seperti 2024-06-12."
            ),
        }[name, written is None]
        code = f"{name}_missing" if written is None else f"{name}_unreadable"
        raise Invalid(code, sentence % {"written": quote(self.line[name])}, name)

    def _written_basis(self) -> BirthDateBasis | None:
        """Return how the register knew the birth date, as its own files say."""
        return _BASES.get(repeated_words(self.line["birth_basis"]).casefold())

    def _say_estimate(self, born: date) -> None:
        if self.basis == BirthDateBasis.DAY:
            return
        sentence = {
            BirthDateBasis.MONTH: _("Hanya bulan lahirnya tertulis; tanggal lahir diperkirakan %(born)s."),
            BirthDateBasis.AGE: _("Hanya umurnya tertulis; tanggal lahir diperkirakan %(born)s."),
        }[self.basis]
        self._say("birth_date_estimated", sentence % {"born": spoken_date(born)})

    def _look_at_age(self, dates: DecidedDates, evidence: RowEvidence) -> None:
        """The age of the file is recomputed, never trusted, and shown when it differs.

        Where it differs by whole years, one of the years is mistyped, and nobody can say which.
        """
        age = age_of(self.line["age"])
        if age is None or fits_age(age, *dates):
            return
        years = years_off(dates, evidence.nik, age, is_trusted=evidence.age is not None)
        if self.table.measures and years:
            raise self._mistyped_year_error(dates, abs(years))
        if not age.in_words:
            return
        days = abs(days_off(age, *dates))
        sentence = ngettext(
            "Umur di berkas (%(age)s) berbeda %(days)d hari dari tanggalnya.",
            "Umur di berkas (%(age)s) berbeda %(days)d hari dari tanggalnya.",
            days,
        )
        self._say("age_differs", sentence % {"age": quote(self.line["age"]), "days": days})

    def _mistyped_year_error(self, dates: DecidedDates, years: int) -> Invalid:
        sentence = ngettext(
            "Umur di berkas (%(age)s) berbeda %(years)d tahun dari tanggalnya: lahir %(born)s, diukur "
            "%(measured)s. Betulkan tahun yang salah ketik di berkas asal.",
            "Umur di berkas (%(age)s) berbeda %(years)d tahun dari tanggalnya: lahir %(born)s, diukur "
            "%(measured)s. Betulkan tahun yang salah ketik di berkas asal.",
            years,
        )
        said = {
            "age": quote(self.line["age"]),
            "years": years,
            "born": spoken_date(dates.born),
            "measured": spoken_date(dates.measured),
        }
        return Invalid("year_mistyped", sentence % said, "birth_date")

    def _look_at_nik(self, nik: str, born: date, sex: Sex) -> None:
        if not nik:
            return
        if not is_whole(nik):
            sentence = _("NIK tidak utuh, jadi anak dicari dari nama, tanggal lahir dan desanya.")
            self._say("nik_not_whole", sentence)
            return
        for warning in nik_warnings(nik, birth_date=born, is_girl=sex == Sex.GIRL):
            if warning == NikWarning.BIRTH_DATE and self.basis != BirthDateBasis.DAY:
                continue  # the file says no day that it could contradict
            self._say(f"nik_{warning}", nik_in_file_message(warning))

    def _observation(self, quantities: RowMeasures, sex: Sex, dates: DecidedDates) -> Observation:
        position = self._position()
        person = MeasuredPerson(sex, max(0, (dates.measured - dates.born).days), position)
        weight, lenhei = quantities.weight_and_lenhei(person)
        if absence_of(self.line["remark"]) in (Absence.LEFT, Absence.DIED):
            sentence = _("Keterangan “%(written)s” tidak dicatat; kalau benar, catat di data anaknya.")
            self._say("remark_not_taken", sentence % {"written": quote(self.line["remark"])})
        return Observation(
            measured_on=dates.measured,
            weight_kg=weight,
            lenhei_cm=lenhei,
            position=position,
            muac_cm=quantities.around("muac"),
            head_cm=quantities.around("head"),
            oedema=self._oedema(),
        )

    def _oedema(self) -> bool:
        oedema = oedema_of(self.line["oedema"])
        if oedema is None:
            raise Invalid(
                "oedema_unknown",
                _("Bengkak (edema) “%(written)s” tidak dikenal. Tulis ya atau tidak.")
                % {"written": quote(self.line["oedema"])},
                "oedema",
            )
        return oedema

    def _position(self) -> Position:
        position = position_of(self.line["position"])
        if position is None:
            sentence = _("Cara ukur “%(written)s” tidak dikenal, jadi dianggap tidak dicatat.")
            self._say("position_unknown", sentence % {"written": quote(self.line["position"])}, repaired=True)
            return Position.UNKNOWN
        return position

    def _homes(self, dates: DecidedDates) -> tuple[WrittenHome, ...]:
        """None where they are not as the register writes them."""
        written = words_of(self.line["homes"])
        if not written:
            return ()
        parts = [part.split() for part in written.split(",")]
        days = [sure_day(part[1]) if len(part) == 2 else None for part in parts]
        homes = tuple(WrittenHome(part[0], day) for part, day in zip(parts, days, strict=True) if day)
        in_order = all(one.since < later.since for one, later in pairwise(homes))
        return homes if in_order and len(homes) == len(parts) and homes[0].since >= dates.born else ()

    def _departure(self, dates: DecidedDates) -> WrittenDeparture | None:
        status = _STATUSES.get(repeated_words(self.line["status"]).casefold())
        on = sure_day(self.line["status_date"])
        return WrittenDeparture(status, on) if status and on and on >= dates.born else None

    def _posyandu(self) -> str:
        return self._cut_to_fit(
            "posyandu", repeated_words(self.line["posyandu"]) or self.table.place.posyandu
        )

    def _neighbourhood(self) -> tuple[str, str, str]:
        """RT, RW and address. What is no number of a neighbourhood but a place is kept in the address."""
        address = words_of(self.line["address"])
        numbers = {"RT": "", "RW": ""}
        for name in ("RW", "RT"):
            written = repeated_words(self.line[name.lower()])
            number = _NEIGHBOURHOOD.sub("", written)  # "RW. 003" is 003
            if len(number) <= _LONGEST_RT:
                numbers[name] = number
                continue
            sentence = _("%(field)s “%(written)s” dipindahkan ke alamat.")
            said = {"field": name, "written": quote(written)}
            self._say(f"{name.lower()}_moved", sentence % said, repaired=True)
            address = ", ".join(part for part in (written, address) if part)
        return numbers["RT"], numbers["RW"], self._cut_to_fit("address", address)

    def _cut_to_fit(self, name: str, text: str) -> str:
        """``text``, cut where the register has no room for more, which is told."""
        longest, title = _ROOM[name]
        if len(text) <= longest:
            return text
        sentence = _("%(field)s lebih panjang dari %(longest)d huruf, jadi dipotong.")
        self._say(f"{name}_cut", sentence % {"field": title, "longest": longest}, repaired=True)
        return text[:longest]

    def _say(self, code: str, sentence: str, *, repaired: bool = False) -> None:
        self.notes.append(RowNote(code, sentence, repaired))
