"""What the pages of a file ask for: the file, and what it leaves open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.calendar_months import last_day
from registry.growth.cells.dates import Order
from registry.growth.cells.month_names import NamedMonth
from registry.imports.readers.read_file import too_large
from registry.imports.report import Question, QuestionKind
from registry.imports.tables.column_guess import FIELD_WORDS
from registry.imports.tables.find_tables import sheets_words
from registry.models import User, Village


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Berkas e-PPGBM, Sigizi atau posyandu"),
        help_text=gettext_lazy(
            "Excel (.xlsx, .xls), ODS atau CSV. Kolom yang tidak dikenal bisa Anda pilih sendiri."
        ),
        allow_empty_file=True,  # refused with a sentence of our own
        error_messages={
            "required": gettext_lazy("Pilih berkasnya dulu."),
            "missing": gettext_lazy("Pilih berkasnya dulu."),
            "invalid": gettext_lazy("Berkas tidak sampai. Pilih lagi, lalu unggah."),
        },
    )

    def clean_file(self) -> UploadedFile:
        """The file, unless it is larger than may be read at all."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is not None and file.size > settings.SPREADSHEET_MAX_BYTES:
            raise forms.ValidationError(too_large().message, code="file_too_large")
        return file


_ASKED_WORDS = {
    QuestionKind.BORN_ORDER: gettext_lazy("Tanggal lahir: hari atau bulan yang ditulis dulu?"),
    QuestionKind.MEASURED_ORDER: gettext_lazy("Tanggal pengukuran: hari atau bulan yang ditulis dulu?"),
}


ANSWERED = "answered"
"""In the address of a page that shows answers again which were wrong."""

OF_THE_ROWS = "rows-form"
"""The one form of a file's page: its answers and its rows go along with every button (docs/adr/0010)."""


_MONTH_FIELD = re.compile(r"day-(?:(\d{4})-)?(\d\d)", re.ASCII)


def month_questions(names: Iterable[str]) -> list[Question]:
    """Return the questions whose answers a form has sent under these names of its fields."""
    found = (match for name in names if (match := _MONTH_FIELD.fullmatch(name)) and 1 <= int(match[2]) <= 12)
    months = (NamedMonth(int(match[1]) if match[1] else None, int(match[2])) for match in found)
    return [Question(QuestionKind.MEASURED_ON, month=month) for month in months]


class _DayField(forms.DateField):
    """A day that is not to come; of ``month``, where there is one."""

    default_error_messages = {
        "required": gettext_lazy("Isi tanggal pengukurannya."),
        "invalid": gettext_lazy("Tanggal ini tidak terbaca. Tulis seperti 2024-06-12."),
    }

    def __init__(self, month: NamedMonth | None = None, **options: Any) -> None:
        self.month = month
        shown = {"type": "date"}
        if month and month.year:
            first = date(month.year, month.number, 1)
            shown |= {"min": first.isoformat(), "max": last_day(first).isoformat()}
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs=shown), **options)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and self.month and not self.month.has(day):
            sentence = _("Tanggal ini bukan di %(month)s. Isi satu hari di bulan itu.")
            raise forms.ValidationError(sentence % {"month": self.month.words})
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Tanggal ini tidak boleh setelah hari ini. Periksa tanggalnya."))
        return day


class AnswersForm(forms.Form):
    """The questions of a file, and those answered before, to be changed."""

    village = forms.ChoiceField(
        label=gettext_lazy("Desa atau kelurahan berkas ini"),
        help_text=gettext_lazy("Untuk baris yang tidak menyebut desanya."),
        error_messages={"required": gettext_lazy("Pilih desanya dulu.")},
    )
    born_order = forms.ChoiceField(label=_ASKED_WORDS[QuestionKind.BORN_ORDER], widget=forms.RadioSelect)
    measured_order = forms.ChoiceField(
        label=_ASKED_WORDS[QuestionKind.MEASURED_ORDER], widget=forms.RadioSelect
    )
    measured_on = _DayField(
        label=gettext_lazy("Tanggal pengukuran semua baris"),
        help_text=gettext_lazy("Berkas ini tidak memuat tanggal pengukuran."),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        user: User,
        questions: Iterable[Question],
        kept: Mapping[str, Any],
        needs_village: bool,
        village_for: Sequence[str] = (),
    ) -> None:
        """``kept``: what is answered already, as the upload keeps it; ``village_for``: of which sheets."""
        self._kept, self._needs_village = kept, needs_village
        orders = kept.get("orders", {})
        initial = {
            "village": kept.get("village", ""),
            "born_order": orders.get("born"),
            "measured_order": orders.get("measured"),
            "measured_on": kept.get("measured_on"),
        }
        super().__init__(data, initial=initial)
        months = [question.month for question in questions if question.month]
        open_ = {str(question.asks): question for question in questions if question.month is None}
        choices = villages_of(user) if needs_village or initial["village"] else []
        _set_choices(self.fields["village"], [("", _("Pilih desa")), *choices])
        if village_for:
            village = self.fields["village"]
            village.help_text = f"{village.help_text} {sheets_words(village_for)}"
        wanted = {name for name in self.fields if name in open_ or initial[name]} - {"village"}
        # One village to choose from is no choice.
        wanted |= {"village"} if needs_village or sum(len(group) for _kec, group in choices) > 1 else set()
        for name in set(self.fields) - wanted:
            del self.fields[name]
        for name in ("born_order", "measured_order"):
            if name in self.fields:
                _set_choices(self.fields[name], _order_choices(open_.get(name)))
        for month in months:
            self._add_month(month)
        for field in self.fields.values():
            field.widget.attrs["form"] = OF_THE_ROWS

    def _add_month(self, month: NamedMonth) -> None:
        """Ask the day of a month, which may stay open: its rows wait then."""
        name = f"day-{month.year}-{month.number:02}" if month.year else f"day-{month.number:02}"
        self.fields[name] = _DayField(
            month,
            label=_("Tanggal pengukuran %(month)s") % {"month": month.words},
            help_text=_("Kolom bulan ini tidak memuat tanggalnya. Kosongkan kalau belum mau disimpan."),
            required=False,
        )
        kept = (day for day in self._kept.get("days", ()) if month.has(date.fromisoformat(day)))
        self.initial[name] = next(kept, None)

    def ask_day_of_services(self) -> None:
        """Ask for the day of what a list of services only ticks, where a list of measurements has its own."""
        if field := self.fields.get("measured_on"):
            field.label = _("Tanggal layanan yang hanya dicentang")
            field.help_text = _("Berkas ini tidak menyebut bulannya.")

    @property
    def open(self) -> list[forms.BoundField]:
        """What has no answer yet, or none that holds."""
        return [field for field in self if self._is_open(field)]

    @property
    def answered_fields(self) -> list[forms.BoundField]:
        """What may be answered otherwise."""
        return [field for field in self if not self._is_open(field)]

    def _is_open(self, field: forms.BoundField) -> bool:
        return not field.initial or (field.name == "village" and self._needs_village)

    def leave_unchanged(self, post: QueryDict) -> None:
        """Take no notice of the fields that are as the page has shown them: nobody has answered them."""
        for name in list(self.fields):
            shown = post.get(f"was-{name}", self.initial[name] or "")
            if post.get(name, shown) == shown:
                del self.fields[name]

    def answers(self) -> dict[str, Any]:
        """What was answered, as the upload keeps it."""
        found: dict[str, Any] = {}
        if "village" in self.fields:
            found["village"] = self.cleaned_data["village"]
        orders = {name: self.cleaned_data.get(f"{name}_order") for name in ("born", "measured")}
        if any(orders.values()):
            given = {name: order for name, order in orders.items() if order}
            found["orders"] = {**self._kept.get("orders", {}), **given}
        if day := self.cleaned_data.get("measured_on"):
            found["measured_on"] = day.isoformat()
        months = {
            field.month: self.cleaned_data[name]
            for name, field in self.fields.items()
            if isinstance(field, _DayField) and field.month
        }
        if months:
            kept = map(date.fromisoformat, self._kept.get("days", ()))
            others = [day for day in kept if not any(month.has(day) for month in months)]
            found["days"] = sorted(day.isoformat() for day in {*others, *months.values()} if day)
        return found


def is_answer(name: str) -> bool:
    """Return whether a field of that name is of an :class:`AnswersForm`."""
    return name in AnswersForm.base_fields or _MONTH_FIELD.fullmatch(name) is not None


def _set_choices(field: forms.Field, choices: Any) -> None:
    if not isinstance(field, forms.ChoiceField):
        raise TypeError("only a field with choices has any")
    field.choices = choices


def _order_choices(question: Question | None) -> list[tuple[str, str]]:
    """With the file's own date as the example, where it is known."""
    words = {Order.DAY_FIRST: _("hari dulu"), Order.MONTH_FIRST: _("bulan dulu")}
    if question is None:
        return [(str(order), word) for order, word in words.items()]
    meant = {Order.DAY_FIRST: question.day_first, Order.MONTH_FIRST: question.month_first}
    return [(str(order), _shown_by(word, question.written, meant[order])) for order, word in words.items()]


def _shown_by(word: str, written: str, meant: date | None) -> str:
    if meant is None:
        return word
    said = {"order": word, "written": written, "date": date_format(meant, "j F Y")}
    return _("%(order)s: “%(written)s” adalah %(date)s") % said


def villages_of(user: User) -> list[tuple[str, list[tuple[str, str]]]]:
    """The villages ``user`` may write in, by kecamatan."""
    villages = Village.objects.with_people_visible_to(user).select_related("kecamatan")
    groups: dict[str, list[tuple[str, str]]] = {}
    for village in villages.order_by("kecamatan__name", "name"):
        groups.setdefault(village.kecamatan.name, []).append((village.pk, village.name))
    return list(groups.items())


def field_choices() -> list[tuple[str, Any]]:
    """What a column can be said to be."""
    return [("", _("Tidak dipakai")), *FIELD_WORDS.items()]
