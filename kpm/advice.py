"""From what WHO's standards say of a child to words and to what to do next. Pure: touches no database.

Which step follows from what: ``kpm.advice_rules``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kpm.advice_rules import Condition, Step, list_steps
from registry.growth import (
    LABEL_OF,
    Label,
    PositionCode,
    completed_months,
    expected_position,
    is_believed,
    is_odd_head,
    label_muac,
    under_five,
)
from registry.growth.labels import ACT, ACT_AT_ONCE
from registry.models import Gain, Measurement
from registry.remarks import remark_words, remarks_of

KINDS = ("good", "watch", "act", "now")  # by a label's severity; also the names of the chips' colours
INDICES = ("haz", "whz", "waz")


class ResultHeading(StrEnum):
    """What stands above the result where no class of Permenkes does."""

    GOOD = "good"
    FINE = "fine"
    NO_HEIGHT = "no_height"
    NO_WEIGHT = "no_weight"
    NOT_GAINED = "not_gained"
    AGAIN = "again"
    NONE = "none"


class AdviceNote(StrEnum):
    """What the register did with the values, where the cadre should know."""

    ADDED = "added"
    SUBTRACTED = "subtracted"
    PAST_FIVE = "past_five"


@dataclass(frozen=True, slots=True)
class Finding:
    """One index in words: ``name`` of the index, ``word`` of its class, ``z`` for who wants the detail."""

    name: str
    word: str
    kind: str
    z: float | None


@dataclass(frozen=True, slots=True)
class Advice:
    """What a cadre reads after weighing. ``kind`` is one of KINDS or "again" or "none".

    ``has_weight_aim``: the child is to gain the card's minimum; not one too heavy, nor one with gizi buruk.
    """

    kind: str
    word: str
    findings: tuple[Finding, ...]
    gain: str
    steps: tuple[Step, ...]
    notes: tuple[str, ...]
    has_weight_aim: bool

    @property
    def sentences(self) -> list[str]:
        """Return the next steps in words."""
        return [step_words(step) for step in self.steps]

    @property
    def chip(self) -> str:
        """Return the kind as the chips have it."""
        return "watch" if self.kind == "again" else self.kind


def advise(measurement: Measurement, *, twice_not_gained: bool = False, days_since: int = 0) -> Advice:
    """Return words and next steps for one measurement; ``twice_not_gained`` is 2T (T twice in a row).

    ``days_since``: as in :class:`Condition`.
    """
    findings = findings_of(measurement)
    condition = condition_of(measurement, twice_not_gained=twice_not_gained, days_since=days_since)
    kind, word = _headline(condition, findings)
    return Advice(
        kind=kind,
        word=word,
        findings=findings,
        gain="" if condition.is_flagged else gain_words(measurement.gain, twice_not_gained, days_since),
        steps=list_steps(condition),
        notes=(
            *(remark_words(remark) for remark in remarks_of(measurement)),
            *(note_words(note) for note in _notes(measurement)),
        ),
        has_weight_aim=not condition.is_too_heavy and not condition.has_gizi_buruk,
    )


def condition_of(m: Measurement, *, twice_not_gained: bool = False, days_since: int = 0) -> Condition:
    """Return what a measurement says of its child, as far as it is believed."""
    classes = {
        index: label.code
        for index in INDICES
        if is_believed(getattr(m, index), getattr(m, f"{index}_flag"))
        and (label := LABEL_OF[index](getattr(m, index)))
    }
    arm = label_muac(None if m.muac_cm is None else float(m.muac_cm), m.age_days)
    return Condition(
        months=completed_months(m.age_days),
        **classes,
        muac=arm.code if arm else "",
        oedema=m.oedema,
        gain=m.gain,
        twice_not_gained=twice_not_gained,
        is_flagged=has_flag(m),
        is_complete=m.weight_kg is not None and m.lenhei_cm is not None,
        month=m.measured_on.month,
        has_odd_head=is_odd_head(m.hcz),
        days_since=days_since,
    )


def heading_words(heading: ResultHeading) -> str:
    return {
        ResultHeading.GOOD: _("Pertumbuhan baik"),
        ResultHeading.FINE: _("Status gizi baik"),
        ResultHeading.NO_HEIGHT: _("Berat badan baik, tinggi belum diukur"),
        ResultHeading.NO_WEIGHT: _("Tinggi badan baik, berat belum diukur"),
        ResultHeading.NOT_GAINED: _("Berat tidak naik atau kurang dari KBM (T)"),
        ResultHeading.AGAIN: _("Perlu ukur ulang"),
        ResultHeading.NONE: _("Belum bisa dinilai"),
    }[heading]


def has_flag(measurement: Measurement) -> bool:
    """Return whether WHO's limits say that one of the values is not a child's."""
    return any(getattr(measurement, f"{index}_flag") for index in ("haz", "waz", "whz", "baz"))


def label_words(label: Label) -> str:
    """Return the official term of a class in the reader's language."""
    return label.en if get_language() == "en" else label.id


def index_words(index: str, *, lying: bool) -> str:
    """Return the field's name of an index: PB is length (lying), TB is height (standing)."""
    return {
        "haz": _("Panjang Badan menurut Umur (PB/U)") if lying else _("Tinggi Badan menurut Umur (TB/U)"),
        "whz": _("Berat Badan menurut Panjang Badan (BB/PB)")
        if lying
        else _("Berat Badan menurut Tinggi Badan (BB/TB)"),
        "waz": _("Berat Badan menurut Umur (BB/U)"),
        "muac": _("Lingkar lengan atas (LiLA)"),
        "oedema": _("Bengkak (edema) di kedua punggung kaki"),
        "head": _("Lingkar Kepala menurut Umur (LK/U)"),
    }[index]


def findings_of(measurement: Measurement) -> tuple[Finding, ...]:
    """Return what each index says, height first: stunting is what the register is for."""
    lying = expected_position(measurement.age_days) == PositionCode.LYING
    found = []
    for index in INDICES:
        z, flag = getattr(measurement, index), getattr(measurement, f"{index}_flag")
        name = index_words(index, lying=lying)
        if flag:
            found.append(Finding(name, flagged_words(), "again", z))
        elif is_believed(z, flag) and (label := LABEL_OF[index](z)):
            found.append(Finding(name, label_words(label), KINDS[label.severity], z))
    muac = None if measurement.muac_cm is None else float(measurement.muac_cm)
    if label := label_muac(muac, measurement.age_days):
        found.append(
            Finding(index_words("muac", lying=lying), label_words(label), KINDS[label.severity], None)
        )
    if measurement.oedema:
        found.append(Finding(index_words("oedema", lying=lying), oedema_words(), KINDS[ACT_AT_ONCE], None))
    if (hcz := measurement.hcz) is not None and is_odd_head(hcz):
        found.append(Finding(index_words("head", lying=lying), head_words(is_small=hcz < 0), KINDS[ACT], hcz))
    return tuple(found)


def oedema_words() -> str:
    """Return the class of a child with oedema, whatever its weight."""
    return _("Gizi buruk (bengkak kedua punggung kaki)")


def head_words(*, is_small: bool) -> str:
    """Return on which side of the KIA book's lines a head is."""
    return _("Lingkar kepala di bawah −2") if is_small else _("Lingkar kepala di atas +2")


def flagged_words() -> str:
    """Return the word next to an index that WHO's limits do not believe."""
    return _("Di luar batas wajar, ukur ulang")


def _headline(child: Condition, findings: tuple[Finding, ...]) -> tuple[str, str]:
    """Return the kind and the worst class in words; when nothing is wrong, how much that says."""
    severity = max((KINDS.index(f.kind) for f in findings if f.kind in KINDS), default=-1)
    if child.is_flagged and not child.is_for_today:
        return "again", heading_words(ResultHeading.AGAIN)
    if severity < 0:
        return "none", heading_words(ResultHeading.NONE)
    if severity == 0 and child.gain == Gain.NOT_ROSE:
        kind = "act" if child.twice_not_gained else "watch"
        return kind, heading_words(ResultHeading.NOT_GAINED)
    if severity == 0:
        return _fine_headline(child)
    words = dict.fromkeys(f.word for f in findings if f.kind == KINDS[severity])
    kind = "now" if child.is_for_today else KINDS[min(severity, KINDS.index("act"))]
    return kind, ", ".join(words)


def _fine_headline(child: Condition) -> tuple[str, str]:
    """Return that nothing is wrong: growth is good only when both were measured and the weight rose (N)."""
    if not child.haz:
        return "watch", heading_words(ResultHeading.NO_HEIGHT)
    if not child.waz:
        return "watch", heading_words(ResultHeading.NO_WEIGHT)
    is_growing = child.gain == Gain.ROSE
    return "good", heading_words(ResultHeading.GOOD if is_growing else ResultHeading.FINE)


def too_soon_words() -> str:
    """Return why a weighing is not compared with one of last month; ``%(days)s`` is left to be filled."""
    return _("Belum sebulan sejak penimbangan terakhir (%(days)s hari): kenaikan berat belum dinilai (O).")


def gain_words(gain: str, twice: bool = False, days_since: int = 0) -> str:
    """Return N, T, O, B in a sentence; empty when the child was not weighed."""
    if days_since:
        return too_soon_words() % {"days": days_since}
    if gain == Gain.NOT_ROSE and twice:
        return _("Berat tidak naik 2 bulan berturut-turut (2T).")
    return {
        "": "",
        Gain.ROSE: _("Berat naik cukup (N)."),
        Gain.NOT_ROSE: _("Berat tidak naik atau kurang dari KBM (T)."),
        Gain.NOT_BEFORE: _(
            "Kenaikan berat belum bisa dinilai (O): tidak ada berat kira-kira sebulan lalu sebagai "
            "pembanding."
        ),
        Gain.FIRST: _("Pertama kali ditimbang (B)."),
    }[gain]


def step_words(step: Step) -> str:
    """Return a next step as a sentence to a cadre."""
    return {
        Step.MEASURE_AGAIN: _(
            "Ukur ulang sekarang: periksa alat, posisi anak, satuan dan koma. Kalau hasilnya tetap sama, "
            "atau anak tampak sangat kurus, bengkak atau lemas: rujuk hari ini."
        ),
        Step.REFER_TODAY: _(
            "Rujuk ke puskesmas hari ini, jangan tunggu posyandu berikutnya. Beri tahu bidan desa, dan "
            "pastikan anak sampai."
        ),
        Step.REFER: _("Rujuk ke bidan desa atau puskesmas minggu ini. Ingatkan membawa buku KIA."),
        Step.DANGER_SIGNS: danger_words(),
        Step.LOOK_AT_FEEDING: look_at_feeding_words(),
        Step.CHECK_HEAD: check_head_words(),
        Step.MILK_ON_THE_WAY: milk_on_the_way_words(),
        Step.FEED_ON_THE_WAY: feed_on_the_way_words(),
        Step.MILK_ONLY: _(
            "Tanyakan cara menyusui. ASI saja, sesering bayi mau, siang dan malam. Bayi yang tidak disusui: "
            "bicarakan dengan bidan."
        ),
        Step.FOOD_FROM_6: _(
            "Teruskan ASI sampai 2 tahun. MP-ASI 2-3 kali sehari, dengan lauk hewani tiap kali."
        ),
        Step.FOOD_FROM_9: _(
            "Teruskan ASI sampai 2 tahun. Makan 3-4 kali sehari dan 1-2 kali selingan, dengan lauk hewani "
            "tiap kali."
        ),
        Step.FOOD_FROM_24: _("Makan 3 kali sehari dan 2 kali selingan, dengan lauk hewani setiap hari."),
        Step.MILK_TO_2: milk_to_2_words(),
        Step.MILK_NO_LESS: milk_no_less_words(),
        Step.LIGHTER_FOOD: lighter_food_words(),
        Step.ASK_EXTRA_FOOD: _("Tanyakan makanan tambahan (PMT) kepada petugas gizi puskesmas."),
        Step.VITAMIN_A_BLUE: vitamin_a_words(Step.VITAMIN_A_BLUE),
        Step.VITAMIN_A_RED: vitamin_a_words(Step.VITAMIN_A_RED),
        Step.COME_EACH_MONTH: _("Ajak datang setiap bulan, supaya kenaikan beratnya bisa dinilai."),
        Step.KEEP_CONTROL: _("Ingatkan keluarga mengikuti jadwal kontrol puskesmas."),
        Step.KEEP_ON: _("Timbang dan ukur lagi bulan depan."),
        Step.COMPLETE: _("Berat atau panjang/tinggi belum diukur. Lengkapi kalau anak masih di posyandu."),
    }[step]


def danger_words() -> str:
    """Return the danger signs (MTBS), which stand with every referral."""
    return _(
        "Segera ke puskesmas rawat inap atau rumah sakit kalau anak tidak bisa minum atau menyusu, muntah "
        "terus, kejang, sesak napas, atau sangat lemas."
    )


def look_at_feeding_words() -> str:
    return _("Minta bidan melihat cara menyusui.")


def check_head_words() -> str:
    return _("Lingkar kepala di luar garis −2 atau +2: minta puskesmas memeriksanya.")


def milk_on_the_way_words() -> str:
    return _("Teruskan ASI sambil berangkat.")


def vitamin_a_words(step: Step) -> str:
    """Return the sentence of a capsule's colour; it names the months, since it may be read later."""
    return {
        Step.VITAMIN_A_BLUE: _(
            "Vitamin A Februari dan Agustus: kapsul biru (6-11 bulan), kalau belum diberi."
        ),
        Step.VITAMIN_A_RED: _(
            "Vitamin A Februari dan Agustus: kapsul merah (12-59 bulan), kalau belum diberi."
        ),
    }[step]


def feed_on_the_way_words() -> str:
    return _("Teruskan ASI dan makan sedikit-sedikit sambil berangkat. Makanannya diatur petugas puskesmas.")


def milk_to_2_words() -> str:
    return _("Teruskan ASI sampai 2 tahun.")


def milk_no_less_words() -> str:
    return _("Teruskan ASI saja. Jangan kurangi ASI.")


def lighter_food_words() -> str:
    return _(
        "Kurangi minuman manis, gorengan dan jajanan. Beri sayur dan buah. Ajak bermain aktif setiap hari. "
        "Jangan membatasi makan anak tanpa petunjuk petugas."
    )


def _notes(m: Measurement) -> list[AdviceNote]:
    notes = []
    if (
        not m.position_disbelieved
        and m.lenhei_cm is not None
        and m.clenhei_cm is not None
        and m.clenhei_cm != m.lenhei_cm
    ):
        notes.append(AdviceNote.ADDED if m.clenhei_cm > m.lenhei_cm else AdviceNote.SUBTRACTED)
    if not under_five(m.age_days):
        notes.append(AdviceNote.PAST_FIVE)
    return notes


def note_words(note: AdviceNote) -> str:
    return {
        AdviceNote.ADDED: _("Diukur berdiri sebelum 2 tahun: 0,7 cm ditambahkan untuk penilaian."),
        AdviceNote.SUBTRACTED: _("Diukur telentang setelah 2 tahun: 0,7 cm dikurangkan untuk penilaian."),
        AdviceNote.PAST_FIVE: _("Sudah genap 60 bulan: tercatat, tetapi tidak dihitung dalam angka balita."),
    }[note]
