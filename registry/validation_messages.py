"""Codes of the register in a sentence, for the doors that answer programs as well as people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from registry.growth import Doubt
from registry.nik import NikWarning


def doubt_words(code: str) -> str:
    """Why a measurement needs a second look. ``code``: of :class:`registry.growth.Doubt`."""
    sentences: dict[str, str] = {
        Doubt.HAZ_FLAG: _("Panjang/tinggi ini hampir tidak mungkin untuk anak seumurnya."),
        Doubt.WAZ_FLAG: _("Berat ini hampir tidak mungkin untuk anak seumurnya."),
        Doubt.WHZ_FLAG: _(
            "Berat dan panjang/tinggi ini hampir tidak mungkin untuk satu anak. Apakah tertukar?"
        ),
        Doubt.BAZ_FLAG: _(
            "Berat dan panjang/tinggi ini tidak cocok satu sama lain. Apakah salah satunya keliru?"
        ),
        Doubt.SHORTER: _("Anak menjadi lebih pendek daripada pengukuran sebelumnya."),
        Doubt.WEIGHT_JUMP: _(
            "Berat berubah lebih banyak daripada yang mungkin sejak penimbangan sebelumnya."
        ),
        Doubt.LENGTH_JUMP: _(
            "Panjang/tinggi bertambah lebih banyak daripada yang mungkin sejak pengukuran sebelumnya."
        ),
    }
    return sentences.get(code, _("Nilai ini jarang sekali terjadi."))


def nik_warning_words(warning: NikWarning) -> str:
    """What a whole NIK says otherwise than the child's record; the child is enrolled all the same."""
    return {
        NikWarning.BIRTH_DATE: _("Tanggal lahir di NIK berbeda dari yang ditulis. Periksa kartu keluarga."),
        NikWarning.SEX: _("Jenis kelamin di NIK berbeda dari yang ditulis. Periksa kartu keluarga."),
        NikWarning.SERIAL: _("Nomor urut NIK 0000 tidak lazim. Periksa kartu keluarga."),
        NikWarning.REGION: _("Kode wilayah di NIK tidak lazim. Periksa kartu keluarga."),
    }[warning]


def out_of_range_words(name: str, low: str, high: str) -> str:
    """A value that no scale or board can show for a child; ``name`` is the measure."""
    limits = {"low": low.replace(".", _(",")), "high": high}
    return {
        "weight_kg": _("Berat harus %(low)s sampai %(high)s kg. Periksa timbangan dan komanya."),
        "lenhei_cm": _(
            "Panjang/tinggi harus %(low)s sampai %(high)s cm. Periksa satuannya: cm, bukan meter."
        ),
        "muac_cm": _("LiLA harus %(low)s sampai %(high)s cm. Periksa satuannya: cm, bukan mm."),
        "head_cm": _("Lingkar kepala harus %(low)s sampai %(high)s cm. Periksa pita ukurnya."),
    }[name] % limits


def empty_words() -> str:
    """Nothing was measured at all."""
    return _("Belum ada ukuran. Isi berat, panjang/tinggi, LiLA atau lingkar kepala.")


def future_words() -> str:
    """The day measured has not come yet."""
    return _("Tanggal ukur belum tiba. Periksa tanggalnya.")


def before_birth_words(birth: str) -> str:
    """The day measured is before the birth; ``birth`` as written for people."""
    return _("Tanggal ukur sebelum tanggal lahir (%(birth)s). Periksa kedua tanggal.") % {"birth": birth}


def identity_words(code: str) -> str:
    """Why a child cannot be enrolled as typed, by the code of the refusal."""
    return {
        "name_missing": _("Tulis nama anak. Kalau belum bernama, tulis “By Ny” dan nama ibu."),
        "sex_missing": _("Pilih laki-laki atau perempuan."),
        "born_in_future": _("Tanggal lahir belum tiba. Periksa tanggalnya."),
        "nik_not_whole": _("NIK harus 16 angka; yang ditulis %(count)d. Kalau belum ada, kosongkan."),
        "birth_weight": _("Berat lahir ditulis dalam kg, 0,3 sampai 7. Contoh: 3,1."),
        "birth_length": _("Panjang lahir ditulis dalam cm, 20 sampai 70."),
    }[code]
