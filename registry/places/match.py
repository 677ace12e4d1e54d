"""Find the village that a file, a form or another system means.

A code decides; without one, the kecamatan and the name together. A name alone never does, since sixteen
names occur more than once in the kabupaten and any other may tomorrow.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from registry.models import FormerVillageCode, Kecamatan, Village
from registry.places.names import kecamatan_key, plain, village_key

# Ten digits, with or without Kemendagri's dots; a spreadsheet may have made a number with ".0" of them.
_CODE = re.compile(r"(\d{2})\.?(\d{2})\.?(\d{2})\.?(\d{4})(?:\.0)?", re.ASCII)


@dataclass(frozen=True)
class VillageNotFound:
    """No village, and the sentence that says why and what to do."""

    reason: str


def dotted_code(code: str) -> str | None:
    """Return a village's code as Kemendagri writes it, 33.01.02.2009; None when it is no such code."""
    match = _CODE.fullmatch(code.strip())
    return ".".join(match.groups()) if match else None


def find_by_code(villages: QuerySet[Village], code: str) -> Village | None:
    """Return the one of ``villages`` that has the code, with dots or without, or had it before."""
    dotted = dotted_code(code) or code
    return villages.filter(pk=dotted).first() or villages.filter(former_codes__pk=dotted).first()


def replace_former_codes(text: str) -> str:
    """Return ``text`` with the codes that villages have now, in place of those that they had."""
    former = FormerVillageCode.objects.exclude(pk__in=Village.objects.values("pk"))
    for code, now in former.values_list("code", "village"):
        text = text.replace(code, now)
    return text


class VillageIndex:
    """The villages it is given, ready to be found many times without asking the database again.

    ``former``: codes that they had before, each with its village and the name of its kecamatan of then.
    """

    def __init__(self, villages: Iterable[Village], former: Iterable[tuple[str, str, str]] = ()) -> None:
        self._by_code: dict[str, Village] = {}
        self._by_name: dict[str, list[Village]] = defaultdict(list)
        self._by_kecamatan: dict[str, dict[str, list[Village]]] = defaultdict(dict)
        for village in villages:
            self._by_code[village.code] = village
            self._by_name[village_key(village.name)].append(village)
            of_kecamatan = self._by_kecamatan[kecamatan_key(village.kecamatan.name)]
            of_kecamatan.setdefault(village_key(village.name), []).append(village)
        self.count = len(self._by_code)
        for code, now, kecamatan in former:
            village = self._by_code[now]
            self._by_code.setdefault(code, village)
            if kecamatan:
                self._by_kecamatan[kecamatan_key(kecamatan)].setdefault(village_key(village.name), [village])

    def find_all(self, name: str) -> Sequence[Village]:
        """Return all villages of that name."""
        return self._by_name.get(village_key(name), ())

    def has_kecamatan(self, name: str) -> bool:
        """Return whether any village is in a kecamatan of that name."""
        return kecamatan_key(name) in self._by_kecamatan

    @classmethod
    def from_database(cls) -> VillageIndex:
        """Return all villages, in two queries."""
        kecamatan = Kecamatan.objects.filter(pk=Substr(OuterRef("code"), 1, 8)).values("name")
        former = FormerVillageCode.objects.annotate(kecamatan=Subquery(kecamatan))
        return cls(
            Village.objects.select_related("kecamatan"), former.values_list("code", "village", "kecamatan")
        )

    def find(
        self, code: str | None = None, kecamatan: str | None = None, name: str | None = None
    ) -> Village | VillageNotFound:
        """Return the village of this code, else of this kecamatan and name, else why there is none.

        A code of another village than the kecamatan and name next to it is refused, not believed.
        """
        named = self._by_kecamatan_and_name(kecamatan or "", name or "")
        if not plain(code):
            return named
        coded = self._by_its_code(code or "")
        if isinstance(coded, Village) and isinstance(named, Village) and coded != named:
            return VillageNotFound(
                _("Kode %(code)s adalah %(coded)s, tetapi yang tertulis %(named)s. Betulkan salah satunya.")
                % {"code": coded.code, "coded": _with_kecamatan(coded), "named": _with_kecamatan(named)}
            )
        return coded

    def _by_its_code(self, code: str) -> Village | VillageNotFound:
        dotted = dotted_code(code)
        if dotted is None:
            return VillageNotFound(
                _("%(code)s bukan kode desa Kemendagri. Tulis seperti 33.01.02.2009.")
                % {"code": _shorten(code)}
            )
        if dotted not in self._by_code:
            return VillageNotFound(
                _("Tidak ada desa dengan kode %(code)s di register ini. Periksa kodenya.") % {"code": dotted}
            )
        return self._by_code[dotted]

    def _by_kecamatan_and_name(self, kecamatan: str, name: str) -> Village | VillageNotFound:
        if not plain(name):
            return VillageNotFound(_("Nama desa kosong. Isi nama desa dan kecamatannya, atau kode desa."))
        if not plain(kecamatan):
            return self._name_alone(name)
        of_kecamatan = self._by_kecamatan.get(kecamatan_key(kecamatan))
        if of_kecamatan is None:
            names = {village.kecamatan.name for village in self._by_code.values()}
            reason = _("Tidak ada kecamatan %(kecamatan)s di register ini.") % {
                "kecamatan": _shorten(kecamatan)
            }
            return VillageNotFound(reason + _did_you_mean(kecamatan_key(kecamatan), names))
        found = of_kecamatan.get(village_key(name), [])
        if len(found) > 1:  # the same two names in two kabupaten
            return VillageNotFound(
                _("Ada lebih dari satu desa %(name)s di kecamatan %(kecamatan)s. Isi kode desa.")
                % {"name": _shorten(name), "kecamatan": _shorten(kecamatan)}
            )
        return found[0] if found else self._not_there(name, of_kecamatan)

    def _not_there(self, name: str, of_kecamatan: dict[str, list[Village]]) -> VillageNotFound:
        villages = [village for same_name in of_kecamatan.values() for village in same_name]
        reason = _("Tidak ada desa atau kelurahan %(name)s di kecamatan %(kecamatan)s.") % {
            "name": _shorten(name),
            "kecamatan": villages[0].kecamatan.name,
        }
        elsewhere = self._by_name.get(village_key(name))
        if elsewhere:
            return VillageNotFound(
                reason + " " + _("Nama itu ada di kecamatan %s.") % _kecamatan_names(elsewhere)
            )
        return VillageNotFound(
            reason + _did_you_mean(village_key(name), {village.name for village in villages})
        )

    def _name_alone(self, name: str) -> VillageNotFound:
        candidates = self._by_name.get(village_key(name))
        if not candidates:
            return VillageNotFound(
                _("Tidak ada desa atau kelurahan %(name)s di register ini. Isi kecamatannya atau kode desa.")
                % {"name": _shorten(name)}
            )
        return VillageNotFound(
            _(
                "Kecamatan kosong, padahal nama desa saja belum cukup. %(name)s ada di kecamatan "
                "%(kecamatan)s: isi kecamatannya atau kode desa."
            )
            % {"name": candidates[0].name, "kecamatan": _kecamatan_names(candidates)}
        )


def _shorten(text: str) -> str:
    """Return what a file says, short enough for a sentence."""
    return " ".join(text.split())[:60]


def _with_kecamatan(village: Village) -> str:
    return _("%(village)s (kecamatan %(kecamatan)s)") % {"village": village, "kecamatan": village.kecamatan}


def _kecamatan_names(villages: Iterable[Village]) -> str:
    return ", ".join(sorted(village.kecamatan.name for village in villages))


def _did_you_mean(key: str, names: Iterable[str]) -> str:
    """Return a further sentence with the name that is nearly written so; nothing when none is."""
    by_key = {village_key(name): name for name in sorted(names)}
    near = get_close_matches(key, by_key, n=1, cutoff=0.8)
    return " " + _("Mungkin maksudnya %s.") % by_key[near[0]] if near else ""
