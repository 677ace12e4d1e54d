"""Invented names: given names common in Java, put together at random, so that they are nobody's."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BOYS_FIRST = _words(
    """
    Aditya Agus Aji Alif Andi Arga Arif Arka Bagas Bagus Bayu Bima Candra Damar Danu Daffa Dimas Eko
    Fadhil Fahri Fajar Farhan Galih Gibran Gilang Guntur Hafiz Hanif Haris Ibnu Ilham Irfan Jati
    Joko Krisna Lukman Mahesa Naufal Panji Prabu Raffi Raka Rangga Rendra Rizki Satria Setyo Tegar
    Tirta Wahyu Wisnu Yoga Yusuf Zaki
    """
)
BOYS_SECOND = _words(
    """
    Abimanyu Adinata Alamsyah Ardiansyah Budiman Cahyono Darmawan Firmansyah Gunawan Hartono Hidayat
    Kurniawan Kusuma Laksono Mahendra Maulana Nugroho Permana Pradana Pramono Prasetyo Pratama
    Purnomo Putra Ramadhan Santoso Saputra Setiawan Subekti Sudrajat Susilo Utomo Wibowo Wicaksono
    Widodo Wijaya Yulianto
    """
)
GIRLS_FIRST = _words(
    """
    Adinda Aisyah Alya Amira Anggun Anisa Arum Asih Ayu Bunga Cahya Cantika Citra Dara Dewi Diah
    Dinda Dwi Endah Fatimah Fitri Gita Hana Hapsari Indah Intan Jihan Kartika Kirana Laras Lestari
    Lintang Maharani Melati Mutiara Nabila Nadia Nayla Nur Prita Puspa Putri Rahma Ratna Rani Retno
    Sekar Shinta Siti Sri Tiara Tri Wening Wulan Zahra
    """
)
GIRLS_SECOND = _words(
    """
    Agustina Amalia Anggraeni Astuti Aulia Azzahra Damayanti Fauziah Handayani Hasanah Hidayah
    Kinanti Khoirunisa Kusumawati Larasati Lestari Maharani Maulida Mulyani Ningrum Nugraheni
    Permatasari Puspitasari Rahayu Rahmawati Ramadhani Safitri Saraswati Setyaningsih Sulistyowati
    Susanti Utami Wahyuni Wardani Widyastuti Wulandari Yuliana
    """
)
POSYANDU = _words(
    """
    Melati Mawar Kenanga Anggrek Dahlia Cempaka Flamboyan Teratai Seruni Bougenville Kamboja Sakura
    Tulip Nusa-Indah
    """
)


def person_names(rng: np.random.Generator, girl: npt.NDArray[np.bool_]) -> list[str]:
    """Return two names for each: a woman's where ``girl``."""
    first, second = rng.random(len(girl)), rng.random(len(girl))
    names = {True: (GIRLS_FIRST, GIRLS_SECOND), False: (BOYS_FIRST, BOYS_SECOND)}
    return [
        f"{_pick(names[is_girl][0], a)} {_pick(names[is_girl][1], b)}"
        for is_girl, a, b in zip(girl.tolist(), first.tolist(), second.tolist(), strict=True)
    ]


def parent_names(rng: np.random.Generator, count: int) -> list[str]:
    """Return father and mother, as the register's files write them."""
    fathers = person_names(rng, np.zeros(count, np.bool_))
    mothers = person_names(rng, np.ones(count, np.bool_))
    return [f"{father} / {mother}" for father, mother in zip(fathers, mothers, strict=True)]


def posyandu_names(count: int) -> list[str]:
    """Return names of the posyandu of one village: Melati 1, Mawar 2, Kenanga 3 and so on."""
    return [f"{POSYANDU[i % len(POSYANDU)].replace('-', ' ')} {i + 1}" for i in range(count)]


def _pick(names: tuple[str, ...], share: float) -> str:
    return names[int(share * len(names))]
