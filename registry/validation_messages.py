"""The sentences that refuse or doubt what somebody entered, wherever it shows: server, file or phone.

The phone checks an entry before it sends it, and shows its own sentences, :func:`phone_refusals`. A refusal
of the server comes back to the phone as ``detail`` with a code (``registry.errors``). The sentence of a code
that only one action knows stands in that action.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.growth import PlausibilityFlag
from registry.nik import NikWarning


def doubt_message(code: str) -> str:
    """Return why a measurement needs a second look. ``code``: a ``growth.PlausibilityFlag``."""
    sentences: dict[str, str] = {
        PlausibilityFlag.HAZ_FLAG: _("Panjang/tinggi ini hampir tidak mungkin untuk anak seumurnya."),
        PlausibilityFlag.WAZ_FLAG: _("Berat ini hampir tidak mungkin untuk anak seumurnya."),
        PlausibilityFlag.WHZ_FLAG: _(
            "Berat dan panjang/tinggi ini hampir tidak mungkin untuk satu anak. Apakah tertukar?"
        ),
        PlausibilityFlag.BAZ_FLAG: _(
            "Berat dan panjang/tinggi ini tidak cocok satu sama lain. Apakah salah satunya keliru?"
        ),
        PlausibilityFlag.SHORTER: _("Anak menjadi lebih pendek daripada pengukuran sebelumnya."),
        PlausibilityFlag.WEIGHT_JUMP: _(
            "Berat berubah lebih banyak daripada yang mungkin sejak penimbangan sebelumnya."
        ),
        PlausibilityFlag.LENGTH_JUMP: _(
            "Panjang/tinggi bertambah lebih banyak daripada yang mungkin sejak pengukuran sebelumnya."
        ),
    }
    return sentences.get(code, _("Nilai ini jarang sekali terjadi."))


def nik_warning_message(warning: NikWarning) -> str:
    """Return how a whole NIK differs from the child's record; the child is enrolled all the same."""
    return {
        NikWarning.BIRTH_DATE: _("Tanggal lahir di NIK berbeda dari yang ditulis. Periksa kartu keluarga."),
        NikWarning.SEX: _("Jenis kelamin di NIK berbeda dari yang ditulis. Periksa kartu keluarga."),
        NikWarning.SERIAL: _("Nomor urut NIK 0000 tidak lazim. Periksa kartu keluarga."),
        NikWarning.REGION: _("Kode wilayah di NIK tidak lazim. Periksa kartu keluarga."),
    }[warning]


def out_of_range_message(name: str, low: str, high: str) -> str:
    """Refuse a value that no scale or board can show for a child; ``name`` is the measure."""
    limits = {"low": low.replace(".", _(",")), "high": high}
    return {
        "weight_kg": _("Berat harus %(low)s sampai %(high)s kg. Periksa timbangan dan komanya."),
        "lenhei_cm": _(
            "Panjang/tinggi harus %(low)s sampai %(high)s cm. Periksa satuannya: cm, bukan meter."
        ),
        "muac_cm": _("LiLA harus %(low)s sampai %(high)s cm. Periksa satuannya: cm, bukan mm."),
        "head_cm": _("Lingkar kepala harus %(low)s sampai %(high)s cm. Periksa pita ukurnya."),
    }[name] % limits


def empty_message() -> str:
    """Refuse an entry without any measure."""
    return _("Belum ada ukuran. Isi berat, panjang/tinggi, LiLA atau lingkar kepala.")


def future_message() -> str:
    """Refuse a day of measurement that has not come yet."""
    return _("Tanggal ukur belum tiba. Periksa tanggalnya.")


def before_birth_message(birth: str) -> str:
    """Refuse a day of measurement before the birth; ``birth`` as written for people."""
    return _("Tanggal ukur sebelum tanggal lahir (%(birth)s). Periksa kedua tanggal.") % {"birth": birth}


def refusal_message(code: str, **values: object) -> str:
    """Return the sentence of a refusal's code, with ``values`` filled in."""
    sentence = str(_REFUSALS[code])
    return sentence % values if values else sentence


_REFUSALS: Mapping[str, Promise] = {
    # A measurement.
    "day_taken": gettext_lazy(
        "Anak ini sudah diukur pada %(date)s. Kalau nilainya salah, koreksi pengukuran itu."
    ),
    "died": gettext_lazy("Anak ini tercatat meninggal pada %(date)s."),
    "id_used": gettext_lazy(
        "Nomor entri ini sudah dipakai untuk pengukuran lain. Buka formulir baru dan isi lagi."
    ),
    "lived_elsewhere": gettext_lazy(
        "Pada %(date)s anak ini tinggal di %(village)s. Minta petugas di sana mencatatnya."
    ),
    "moved_out": gettext_lazy("Anak ini tercatat pindah keluar kabupaten pada %(date)s."),
    "needs_confirmation": gettext_lazy(
        "Nilai ini jarang sekali terjadi. Ukur ulang, atau pastikan kalau memang benar."
    ),
    "not_in_force": gettext_lazy(
        "Pengukuran ini sudah dikoreksi atau dibatalkan. Buka yang terbaru, lalu ulangi."
    ),
    "reason_missing": gettext_lazy("Tulis alasannya, misalnya “salah ketik berat”."),
    "unchanged": gettext_lazy("Tidak ada yang berubah. Ubah nilai yang salah, lalu simpan."),
    # A child that cannot be enrolled as typed.
    "name_missing": gettext_lazy("Tulis nama anak. Kalau belum bernama, tulis “By Ny” dan nama ibu."),
    "sex_missing": gettext_lazy("Pilih laki-laki atau perempuan."),
    "born_in_future": gettext_lazy("Tanggal lahir belum tiba. Periksa tanggalnya."),
    "nik_not_whole": gettext_lazy("NIK harus 16 angka; yang ditulis %(count)d. Kalau belum ada, kosongkan."),
    "birth_weight": gettext_lazy("Berat lahir ditulis dalam kg, 0,3 sampai 7. Contoh: 3,1."),
    "birth_length": gettext_lazy("Panjang lahir ditulis dalam cm, 20 sampai 70."),
}


def day_taken_in_file_message(date: str, differences: str, row: int | None) -> str:
    """Refuse a row of a file that contradicts a measurement of that child and day.

    ``row``: the row of the same file that the other measurement came with, None for one of the register.
    """
    sentence = (
        _("Pengukuran %(date)s sudah ada: %(said)s. Kalau berkas yang benar, koreksi di register.")
        if row is None
        else _("Baris %(row)d berkas ini juga mengukur anak ini pada %(date)s: %(said)s. Betulkan berkasnya.")
    )
    return sentence % {"date": date, "said": differences, "row": row}


def phone_refusals() -> dict[str, str]:
    """Return what the phone says by itself, by the name it has in ``static/js`` (``words.refused``).

    ``day_taken``: the day of a correction is that of another measurement. The ranges of measures come on top,
    from :func:`out_of_range_message`. The phone fills in ``%(name)s``.
    """
    return {
        "number": _("“%(text)s” bukan angka. Tulis seperti 12,1 atau 12.1."),
        "empty": empty_message(),
        "future": future_message(),
        "before_birth": before_birth_message("%(birth)s"),
        "date_missing": _("Isi tanggalnya."),
        "day_waiting": _(
            "Tanggal itu sudah punya isian yang menunggu dikirim. Ubah yang itu di Kiriman, atau pilih "
            "tanggal lain."
        ),
        "day_taken": _("Tanggal itu sudah punya pengukuran lain. Pilih tanggal lain, atau koreksi yang itu."),
        "unchanged": refusal_message("unchanged"),
        "measured_before": _(
            "Anak ini sudah diukur %(date)s, sebelum tanggal lahir itu. Periksa tanggalnya."
        ),
        "reason_missing": refusal_message("reason_missing"),
        "name_missing": refusal_message("name_missing"),
        "sex_missing": refusal_message("sex_missing"),
        "nik": refusal_message("nik_not_whole"),
        "birth_weight_kg": refusal_message("birth_weight"),
        "birth_length_cm": refusal_message("birth_length"),
        "born_in_future": refusal_message("born_in_future"),
    }
