"""The sentences that refuse or doubt what somebody entered, wherever it shows: server, file or phone.

The phone checks an entry before it sends it, and shows its own sentences, :func:`phone_refusals`. A refusal
of the server comes back to the phone as ``detail`` with a code (``registry.errors``). What else is wrong
with a file that is brought in, ``registry.imports`` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise, lazy
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
        PlausibilityFlag.SHORTER: _("Panjang/tinggi lebih kecil daripada hasil sebelumnya."),
        PlausibilityFlag.WEIGHT_JUMP: _("Berat berubah terlalu banyak sejak penimbangan terakhir."),
        PlausibilityFlag.LENGTH_JUMP: _("Panjang/tinggi bertambah terlalu banyak sejak pengukuran terakhir."),
    }
    return sentences.get(code, _("Nilai ini jarang sekali terjadi."))


def doubts_in_file_message(codes: Iterable[str]) -> str:
    """Return the same of a row of a file, which is recorded at once; all its doubts in one sentence."""
    words: dict[str, str] = {
        PlausibilityFlag.HAZ_FLAG: _("TB/U di luar batas WHO, tidak dihitung"),
        PlausibilityFlag.WAZ_FLAG: _("BB/U di luar batas WHO, tidak dihitung"),
        PlausibilityFlag.WHZ_FLAG: _("BB/TB di luar batas WHO, tidak dihitung"),
        PlausibilityFlag.BAZ_FLAG: _("IMT/U di luar batas WHO, tidak dihitung"),
        PlausibilityFlag.SHORTER: _("lebih pendek dari sebelumnya"),
        PlausibilityFlag.LENGTH_JUMP: _("tumbuh terlalu cepat sejak sebelumnya"),
        PlausibilityFlag.WEIGHT_JUMP: _("berat berubah terlalu banyak sejak sebelumnya"),
    }
    said = ", ".join(words.get(code, code) for code in codes)
    return _("Jarang terjadi: %(doubts)s. Periksa atau ukur ulang.") % {"doubts": said}


def nik_warning_message(warning: NikWarning) -> str:
    """Return how a whole NIK differs from the child's record; the child is enrolled all the same."""
    return {
        NikWarning.BIRTH_DATE: _(
            "Tanggal lahir di NIK berbeda dari yang ditulis. Periksa Kartu Keluarga (KK)."
        ),
        NikWarning.SEX: _("Jenis kelamin di NIK berbeda dari yang ditulis. Periksa Kartu Keluarga (KK)."),
        NikWarning.SERIAL: _("Nomor urut NIK 0000 tidak lazim. Periksa Kartu Keluarga (KK)."),
        NikWarning.REGION: _("Kode wilayah di NIK tidak lazim. Periksa Kartu Keluarga (KK)."),
        NikWarning.IMPOSSIBLE: nik_question_message(NikWarning.IMPOSSIBLE, is_on_record=True),
        NikWarning.PARENT: nik_question_message(NikWarning.PARENT),
    }[warning]


def nik_question_message(warning: NikWarning, *, is_on_record: bool = False) -> str:
    """Return what is asked before such a NIK is noted. ``is_on_record``: the child has one already."""
    return {
        NikWarning.IMPOSSIBLE: " ".join(
            (_("Angka-angka ini tidak mungkin sebuah NIK."), without_nik_message(is_on_record=is_on_record))
        ),
        NikWarning.PARENT: _(
            "Tahun lahir di NIK ini tahun lahir orang dewasa: NIK ibu atau ayahnya? Lihat NIK anak di "
            "Kartu Keluarga (KK)."
        ),
    }[warning]


def nik_not_whole_message(nik: str, *, is_on_record: bool = False) -> str:
    """Refuse a NIK that is not 16 digits and nothing else. ``is_on_record``: the child has one already."""
    digits = sum(character in "0123456789" for character in nik)
    name = "nik_not_digits" if digits == 16 else "nik_not_whole"
    return f"{refusal_message(name, count=digits)} {without_nik_message(is_on_record=is_on_record)}"


def without_nik_message(*, is_on_record: bool = False) -> str:
    """Say what to do for a child without NIK: an empty field leaves one that ``is_on_record``."""
    if is_on_record:
        return _("Kalau anak belum punya NIK, kosongkan lalu centang “Anak belum punya NIK”.")
    return _("Kalau anak belum punya NIK, kosongkan.")


def nik_in_file_message(warning: NikWarning) -> str:
    """Return the same of a row of a file."""
    return {
        NikWarning.BIRTH_DATE: _("Tanggal di NIK lain dari tanggal lahir."),
        NikWarning.SEX: _("Jenis kelamin di NIK lain dari yang tertulis."),
        NikWarning.SERIAL: _("Nomor urut NIK 0000; periksa NIK-nya."),
        NikWarning.REGION: _("Kode wilayah di NIK tidak dikenal; periksa NIK-nya."),
        NikWarning.IMPOSSIBLE: _("Angka-angka ini tidak mungkin sebuah NIK."),
        NikWarning.PARENT: _("Tahun lahir di NIK tahun lahir orang dewasa: NIK ibu atau ayahnya?"),
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


def spoken_date(day: date) -> str:
    """Return 12 Juni 2024, in the reader's language."""
    return date_format(day, "j F Y")


def refusal_message(name: str, /, **values: object) -> str:
    """Return a sentence of ``_REFUSALS`` with ``values`` filled in, days as people write them."""
    sentence = str(_REFUSALS[name])
    written = {key: spoken_date(value) if isinstance(value, date) else value for key, value in values.items()}
    return sentence % written if values else sentence


lazy_refusal_message = lazy(refusal_message, str)
"""The same in the language of its reader, for what is made before there is one, such as a field of a form."""

# By code; the second sentence of a code has a name of its own: nik_used_elsewhere,
# day_in_future, nik_reason_missing, identity_reason_missing.
_REFUSALS: Mapping[str, Promise] = {
    # A measurement.
    "away_that_day": gettext_lazy(
        "Anak ini tercatat di luar kabupaten sejak %(left)s sampai %(back)s. Periksa tanggalnya."
    ),
    "before_birth": gettext_lazy("Tanggal ukur sebelum tanggal lahir (%(birth)s). Periksa kedua tanggal."),
    "day_taken": gettext_lazy(
        "Anak ini sudah diukur pada %(date)s. Kalau nilainya salah, koreksi pengukuran itu."
    ),
    "died": gettext_lazy("Anak ini tercatat meninggal pada %(date)s."),
    "empty": gettext_lazy("Belum ada ukuran. Isi berat, panjang/tinggi, LiLA atau lingkar kepala."),
    "future": gettext_lazy(
        "Tanggal ukur %(day)s setelah hari ini (%(today)s). Periksa tanggal, bulan dan tahunnya."
    ),
    "id_used": gettext_lazy("Ada gangguan. Buka formulir baru dan isi lagi."),
    "lived_elsewhere": gettext_lazy(
        "Pada %(date)s anak ini tinggal di %(village)s. Minta petugas di sana mencatatnya."
    ),
    "measurement_not_found": gettext_lazy("Pengukuran ini tidak ada di wilayah kerja Anda."),
    "midwife_chooses": gettext_lazy(
        "Bidan desa atau petugas puskesmas yang memilih. Sampaikan kepada mereka."
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
    "age_months": gettext_lazy("Tulis umur dalam bulan penuh, 0 sampai 83."),
    "age_beside_date": gettext_lazy(
        "Tanggal lahirnya juga diisi. Kosongkan umurnya, atau pilih “hanya umurnya”."
    ),
    "day_of_month_known": gettext_lazy(
        "Tanggalnya diubah. Kalau tanggal itu benar, pilih “tanggal lahirnya”; kalau tidak, kembalikan."
    ),
    "birth_length": gettext_lazy("Panjang lahir ditulis dalam cm, 20 sampai 70."),
    "gestation": gettext_lazy("Usia kehamilan ditulis dalam minggu penuh, 22 sampai 44. Contoh: 36."),
    "birth_weight": gettext_lazy("Berat lahir ditulis dalam kg, 0,3 sampai 7. Contoh: 3,1."),
    "born_after_left": gettext_lazy("Tanggal lahir tidak boleh setelah tanggal meninggal atau pindah."),
    "born_after_measured": gettext_lazy(
        "Anak ini sudah diukur pada %(date)s. Tanggal lahir tidak boleh setelah itu."
    ),
    "born_in_future": gettext_lazy("Tanggal lahir tidak boleh setelah hari ini. Periksa tanggalnya."),
    "child_changed_meanwhile": gettext_lazy(
        "Orang lain mengubah isian yang sama sementara halaman ini terbuka. Pilih nilai yang benar, lalu "
        "simpan."
    ),
    "child_not_found": gettext_lazy("Anak ini tidak ada di wilayah kerja Anda."),
    "date_missing": gettext_lazy("Isi tanggalnya."),
    "number": gettext_lazy("“%(text)s” bukan angka. Tulis seperti 12,1 atau 12.1."),
    "identity_reason_missing": gettext_lazy(
        "Tanggal lahir atau jenis kelamin berubah: semua pengukuran dinilai ulang. Tulis alasannya, misalnya "
        "“sesuai akta kelahiran”."
    ),
    "name_missing": gettext_lazy("Tulis nama anak. Kalau belum bernama, tulis “By Ny” dan nama ibu."),
    "nik_not_digits": gettext_lazy("NIK harus 16 angka, tanpa huruf atau tanda lain."),
    "nik_not_whole": gettext_lazy("NIK harus 16 angka. Yang Anda tulis %(count)d angka."),
    "nik_used": gettext_lazy(
        "NIK ini sudah dipakai %(name)s, lahir %(born)s. Buka anak itu, atau periksa NIK-nya."
    ),
    "nik_used_elsewhere": gettext_lazy(
        "NIK ini sudah terdaftar di luar wilayah kerja Anda. Minta puskesmas memeriksa, atau simpan dulu "
        "tanpa NIK."
    ),
    "nik_tries": gettext_lazy(
        "Hari ini sudah %(count)d NIK yang Anda kirim milik anak di luar wilayah kerja Anda. Sampai "
        "besok, simpan tanpa NIK; puskesmas melengkapinya."
    ),
    "nik_tries_of_file": gettext_lazy(
        "%(count)d NIK di berkas ini milik anak di luar wilayah kerja Anda: lebih dari yang bisa "
        "kebetulan. Minta petugas kabupaten mengunggahnya, atau pisahkan baris desa lain."
    ),
    "perhaps_enrolled": gettext_lazy(
        "Mungkin anak ini sudah terdaftar. Lihat dulu, atau pastikan memang anak lain."
    ),
    "perhaps_twin": gettext_lazy(
        "Anak lain dari orang tua ini lahir pada hari yang sama. Pastikan memang kembar."
    ),
    "posyandu_elsewhere": gettext_lazy(
        "Posyandu itu bukan milik desa %(village)s. Pilih posyandu dari daftar."
    ),
    "sex_missing": gettext_lazy("Pilih laki-laki atau perempuan."),
    "too_old": gettext_lazy(
        "Register ini untuk balita. Anak ini lahir lebih dari 7 tahun lalu; periksa tahunnya."
    ),
    # A child that moves, leaves or dies.
    "day_in_future": gettext_lazy("Tanggal itu tidak boleh setelah hari ini (%(today)s)."),
    "event_order": gettext_lazy(
        "Tanggal itu tidak cocok dengan urutan tempat tinggal anak ini. Periksa riwayatnya."
    ),
    "left_before_measured": gettext_lazy(
        "Anak ini lahir atau diukur setelah tanggal itu. Pilih %(last)s atau setelahnya."
    ),
    "leaves_area": gettext_lazy(
        "Kalau begitu, %(name)s sejak %(since)s tinggal di %(village)s, di luar wilayah kerja Anda: "
        "setelah disimpan, catatannya tidak bisa Anda buka lagi. Benar begitu?"
    ),
    "measured_while_away": gettext_lazy(
        "Anak ini diukur pada %(date)s, padahal waktu itu tercatat di luar kabupaten. Periksa tanggalnya."
    ),
    "merge_too_old": gettext_lazy(
        "Penggabungan ini sudah tidak bisa diurungkan: lewat 30 hari, atau sudah diurungkan."
    ),
    "merge_undone": gettext_lazy("Penggabungan ini sudah diurungkan: kedua catatan sudah terpisah lagi."),
    "merge_with_itself": gettext_lazy("Pilih catatan lain dari anak yang sama."),
    "moved_after_leaving": gettext_lazy(
        "Anak ini tercatat %(status)s pada %(date)s, jadi tidak bisa pindah desa setelah itu."
    ),
    "moved_before_living": gettext_lazy(
        "Anak ini tercatat tinggal di %(village)s sejak %(date)s. Tanggal pindah harus setelah itu."
    ),
    "no_such_event": gettext_lazy("Kejadian itu sudah tidak tercatat. Buka lagi halaman anak ini."),
    "not_left": gettext_lazy("Anak ini tidak tercatat pindah keluar kabupaten."),
    "returned_before_leaving": gettext_lazy(
        "Anak ini tercatat pindah keluar pada %(date)s. Tanggal kembali harus setelah itu."
    ),
    "undo_later_first": gettext_lazy("Urungkan dulu kejadian yang lebih baru."),
    "status": gettext_lazy("Pilih: meninggal atau pindah keluar kabupaten."),
    "row_changed_meanwhile": gettext_lazy(
        "Sementara halaman ini terbuka, orang lain menyimpan: %(now)s. Periksa, lalu simpan lagi kalau yang "
        "Anda tulis yang benar."
    ),
    # An account.
    "account_closed": gettext_lazy(
        "Akun ini sudah ditutup. Kalau itu keliru, minta petugas kabupaten membukanya lagi."
    ),
    "password_must_change": gettext_lazy(
        "Kata sandi ini dibuat orang lain. Buka situs register, ganti kata sandinya, lalu coba lagi."
    ),
    "second_factor_needed": gettext_lazy(
        "Akun ini memakai langkah kedua. Masuk lagi dengan kode dari aplikasi autentikator."
    ),
    "second_factor_not_set_up": gettext_lazy(
        "Akun ini harus memakai langkah kedua. Buka situs register dan siapkan dulu, lalu coba lagi."
    ),
    "second_factor_wrong": gettext_lazy(
        "Kode itu salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi, lalu kirim lagi."
    ),
    "second_factor_own": gettext_lazy(
        "Langkah kedua Anda sendiri dihapus di halaman Keamanan akun, bukan di sini."
    ),
    "password_same": gettext_lazy("Kata sandi baru harus lain dari yang lama."),
    "person_not_found": gettext_lazy("Akun ini tidak ada di antara orang yang Anda bina."),
    "username_taken": gettext_lazy("Nama pengguna %(name)s sudah dipakai. Pilih nama lain."),
    # A place, and a page or a file of it.
    "access_ended": gettext_lazy(
        "Masa tugas Anda berakhir pada %(day)s, jadi datanya tidak terbuka lagi untuk akun ini. Kalau Anda "
        "ditunjuk lagi, minta petugas kecamatan atau kabupaten mencatat SK yang baru."
    ),
    "access_not_started": gettext_lazy(
        "Masa tugas Anda mulai pada %(day)s. Sejak pukul 00.00 hari itu datanya terbuka untuk akun ini."
    ),
    "no_place_of_work": gettext_lazy(
        "Akun Anda belum punya wilayah kerja. Minta administrator kabupaten menambahkan peran dan "
        "wilayah kerja Anda."
    ),
    "officers_only": gettext_lazy(
        "Halaman ini untuk petugas. Sistem lain mengambil angkanya lewat /api/v1/."
    ),
    "place_missing": gettext_lazy("Anda bekerja di lebih dari satu wilayah. Pilih satu."),
    "place_not_of_role": gettext_lazy(
        "Wilayah itu bukan untuk peran ini: kader dan bidan - kode desa; puskesmas - namanya; kecamatan dan "
        "kabupaten - kodenya."
    ),
    "place_not_found": gettext_lazy("Wilayah ini tidak ada di wilayah kerja Anda."),
    "village_not_found": gettext_lazy("Desa ini tidak ada di wilayah kerja Anda."),
    "kecamatan_unknown": gettext_lazy(
        "Kecamatan %(code)s belum ada di register ini. Minta administrator kabupaten menambahkannya dulu."
    ),
    "puskesmas_elsewhere": gettext_lazy("Puskesmas itu bukan dari Kecamatan %(kecamatan)s. Pilih yang lain."),
    "village_code": gettext_lazy("%(code)s bukan kode desa Kemendagri. Tulis seperti 33.01.02.2009."),
    "village_code_taken": gettext_lazy("Kode %(code)s sudah dipakai %(village)s. Periksa kodenya."),
    "village_name_taken": gettext_lazy(
        "Kecamatan %(kecamatan)s sudah punya %(village)s. Dua desa satu nama tidak boleh di satu kecamatan."
    ),
    # A file that is taken away, or was brought in.
    "layout_without_nik": gettext_lazy(
        "Isi berkas ini tidak memuat NIK, jadi NIK utuh tidak bisa diminta. Unduh tanpa NIK utuh."
    ),
    "months_turned": gettext_lazy("Bulan awal setelah bulan akhir. Tukar keduanya."),
    "nik_not_allowed": gettext_lazy(
        "NIK utuh hanya untuk petugas puskesmas, petugas kabupaten dan administrator wilayah ini. Unduh "
        "berkas dengan NIK disamarkan."
    ),
    "list_reason_missing": gettext_lazy(
        "Daftar anak lebih dari satu desa perlu alasan, paling sedikit %(least)d huruf; alasan itu dicatat. "
        "Atau minta satu desa saja."
    ),
    "search_is_posted": gettext_lazy(
        "Nama tidak boleh ada di alamat. Kirim q dengan POST ke /api/v1/children/search/."
    ),
    "nik_reason_missing": gettext_lazy(
        "Tulis untuk apa NIK utuh diperlukan, paling sedikit %(least)d huruf; alasan ini dicatat."
    ),
    "nik_unreadable": gettext_lazy(
        "Ada NIK yang kuncinya hilang dan tidak terbaca. Periksa NIK_KEYS, atau samarkan NIK."
    ),
    "hash_key_changing": gettext_lazy(
        "Kunci NIK sedang diganti. Coba lagi beberapa menit lagi, atau simpan dulu tanpa NIK."
    ),
    "sealed_unreadable": gettext_lazy(
        "Kunci yang menyandikan data lama ini hilang (NIK_KEYS), jadi ini tidak bisa diurungkan. Hubungi "
        "administrator kabupaten."
    ),
    "not_committed": gettext_lazy("Berkas ini belum disimpan, jadi tidak ada yang ditarik kembali."),
    "upload_not_found": gettext_lazy("Berkas ini tidak ada, atau sudah dihapus."),
}


def day_taken_in_file_message(day: date, differences: str, row: int | None) -> str:
    """Refuse a row of a file that contradicts a measurement of that child and day.

    ``row``: the row of the same file that the other measurement came with, None for one of the register.
    """
    sentence = (
        _("Pengukuran %(date)s sudah ada: %(said)s. Kalau berkas yang benar, koreksi di register.")
        if row is None
        else _(
            "Baris %(row)d berkas ini juga mengukur anak ini pada %(date)s: %(said)s. Betulkan di berkas "
            "asal."
        )
    )
    return sentence % {"date": spoken_date(day), "said": differences, "row": row}


def phone_refusals() -> dict[str, str]:
    """Return what the phone says by itself, by the name it has in ``static/js`` (``words.refused``).

    ``day_taken``: the day of a correction is that of another measurement. The ranges of measures come on top,
    from :func:`out_of_range_message`. The phone fills in ``%(name)s``.
    """
    return {
        "number": refusal_message("number"),
        "empty": refusal_message("empty"),
        "future": refusal_message("future", day="%(day)s", today="%(today)s"),
        "before_birth": refusal_message("before_birth", birth="%(birth)s"),
        "date_missing": refusal_message("date_missing"),
        "day_waiting": _(
            "Tanggal itu sudah punya kiriman yang menunggu dikirim. Ubah yang itu di Kiriman, atau pilih "
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
        "nik": f"{refusal_message('nik_not_whole')} {without_nik_message()}",
        "nik_not_digits": f"{refusal_message('nik_not_digits')} {without_nik_message()}",
        "birth_weight_kg": refusal_message("birth_weight"),
        "birth_length_cm": refusal_message("birth_length"),
        "gestation_weeks": refusal_message("gestation"),
        "born_in_future": refusal_message("born_in_future"),
        "age_months": refusal_message("age_months"),
        "age_beside_date": refusal_message("age_beside_date"),
    }
