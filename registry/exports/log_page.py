"""What left the register as files, in words: which list of which place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from registry.access.visible_places import place_code
from registry.exports.cell_formatting import moment, yes_no
from registry.exports.page_table import ExportTable, list_columns
from registry.growth import LABELS
from registry.models import District, ExportLog, Kecamatan, Puskesmas, RowOutcome, Village

_LISTS: Mapping[str, Promise] = {
    "import": gettext_lazy("baris berkas"),
    "roster": gettext_lazy("daftar anak bulan ini"),
    "follow-up": gettext_lazy("tindak lanjut"),
    "skdn-followed": gettext_lazy("anak 2T dan BGM"),
    "child": gettext_lazy("pengukuran anak"),
    "record": gettext_lazy("salinan catatan anak"),
    "card": gettext_lazy("kartu anak"),
    "chart": gettext_lazy("grafik pertumbuhan anak"),
    "posyandu-children": gettext_lazy("anak satu posyandu"),
    "priority-children": gettext_lazy("anak prioritas"),
    "cadres": gettext_lazy("kader (KPM)"),
    "attendance-names": gettext_lazy("kehadiran KPM"),
    "material": gettext_lazy("bahan kegiatan"),
    "training-needs": gettext_lazy("kebutuhan pelatihan"),
}
"""Lists of people by the beginning of what the log calls their page."""

_FILTERS: Mapping[str, str | Promise] = {
    **{outcome.value: outcome.label for outcome in RowOutcome},
    "decided": gettext_lazy("Sudah diputuskan"),
    "repaired": gettext_lazy("Dibaca berbeda dari yang tertulis"),
    "z": gettext_lazy("Z-score berbeda"),
    "left": gettext_lazy("Baris yang tidak disimpan"),
    "twice_not_gained": gettext_lazy("Berat tidak naik 2 bulan berturut-turut (2T)"),
    "measure_again": gettext_lazy("Perlu ukur ulang"),
    "rival": gettext_lazy("Menunggu pilihan bidan desa"),
    "no-consent": gettext_lazy("Belum ada persetujuan"),
    "no-posyandu": gettext_lazy("Belum punya posyandu"),
    "not_measured": gettext_lazy("Dua bulan tidak diukur"),
}
"""By how a list was filtered. Classes of growth are called by their own words."""


@dataclass(frozen=True, slots=True)
class ExportLogLine:
    """One file that left, with what it was of."""

    log: ExportLog
    page: str
    place: str


def log_lines(logs: Iterable[ExportLog]) -> list[ExportLogLine]:
    """Return a line for each of ``logs``. Constant queries; a place that is there no more keeps its code."""
    found = list(logs)
    names = _place_names({log.place_code for log in found})
    return [
        ExportLogLine(log, page_words(log.page), names.get(log.place_code, log.place_code)) for log in found
    ]


def page_words(page: str) -> str:
    """Return words as ``baris berkas: Ditolak`` for ``import refused``."""
    key, _space, filtered_by = page.partition(" ")
    words = str(_LISTS.get(key) or _LISTS.get(key.partition("-")[0]) or key)
    return f"{words}: {_filter_words(filtered_by)}" if filtered_by else words


def _filter_words(filtered_by: str) -> str:
    if label := LABELS.get(filtered_by):
        return label.en if get_language() == "en" else label.id
    return str(_FILTERS.get(filtered_by, filtered_by))


def _place_names(codes: set[str]) -> dict[str, str]:
    """Return the names of places by code; a village with its kecamatan, since names are shared."""
    villages = Village.objects.filter(pk__in=codes).select_related("kecamatan")
    puskesmas = [code.removeprefix("puskesmas-") for code in codes if code.startswith("puskesmas-")]
    levels = (
        (District.objects.filter(pk__in=codes), _("Kabupaten %(name)s")),
        (Kecamatan.objects.filter(pk__in=codes), _("Kecamatan %(name)s")),
        (Puskesmas.objects.filter(pk__in=puskesmas), _("Puskesmas %(name)s")),
    )
    named = {place_code(place): words % {"name": place.name} for places, words in levels for place in places}
    return named | {village.pk: f"{village.name} ({village.kecamatan.name})" for village in villages}


def export_log_table(logs: Iterable[ExportLog]) -> ExportTable:
    """Return what left the register as files, newest first."""
    header = (
        *(_("Pada"), _("Pengguna"), _("Isi berkas"), _("Halaman"), _("Format berkas"), _("Wilayah")),
        *(_("Kode wilayah"), _("Dari bulan"), _("Sampai bulan"), _("Baris"), _("Anak"), _("NIK utuh")),
        *(_("Alasan"), _("Tidak disertakan")),
    )
    rows = [
        (
            *(moment(one.log.at), str(one.log.user), one.log.get_kind_display(), one.page),
            *(one.log.get_form_display(), one.place, one.log.place_code),
            *(one.log.month_from, one.log.month_to, one.log.rows, one.log.children),
            *(yes_no(one.log.unmasked), one.log.reason, one.log.withheld),
        )
        for one in log_lines(logs)
    ]
    return ExportTable("taken", list_columns(header, naming=1), rows)
