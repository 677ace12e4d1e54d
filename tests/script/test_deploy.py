"""docs/deploy.md does what it says: its own blocks are run, as far as a machine without systemd can."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.imports.files import csv_file, row
from tests.script.deploy_document import ROOT, DeployDocument
from tests.script.deployed import (
    ADMIN_PASSWORD,
    NAME,
    PASSWORD,
    PATH,
    Installation,
    an_empty_machine,
    nginx,
    wait_until,
)

VILLAGE, KECAMATAN = "33.01.02.2009", "Kesugihan"
PEOPLE = f"""nama pengguna,nama lengkap,peran,wilayah,jenis kelamin,telepon,musyawarah desa,nomor SK,\
tanggal SK,mulai bertugas,hari terakhir bertugas
dinkes,Wahyu Santoso,kabupaten,33.01,,,,,,,
gizi.kesugihan,Retno Wulandari,puskesmas,Kesugihan I,,,,,,,
,Sumarni,kader,{VILLAGE},P,081234567890,2023-01-09,141/001/2023,2023-01-16,2023-03-01,2099-12-31
"""
CHOSEN = "kacang panjang 7"
CHILD = "0b6c3f0e-5a0f-4c0e-9a51-2f6f3c1f7a10"
MIB = 1024 * 1024
MANAGE = ".venv/bin/python manage.py"

needs_machine = pytest.mark.skipif(
    os.geteuid() != 0
    or not all(shutil.which(name, path=PATH) for name in ("nginx", "curl", "systemd-analyze")),
    reason="needs root, nginx, curl and systemd-analyze, as a district's machine has",
)


def test_every_unit_is_enabled_and_what_stays_is_restarted_by_an_upgrade() -> None:
    document = DeployDocument()
    units = document.units
    assert document.named == set(units), "named and not written out, or the other way round"
    wanted = {name for name, unit in units.items() if "[Install]" in unit.text}
    assert document.list_named_by("enable") == wanted
    for name, unit in units.items():
        assert {name, name.replace(".service", ".timer")} & wanted, f"nothing starts {name}"
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in units
            assert (unit["WantedBy"], unit["Persistent"]) == ("timers.target", "true")
    staying = {
        name for name, unit in units.items() if name.endswith(".service") and unit["Type"] != "oneshot"
    }
    assert {"register.service", "register-worker.service"} <= staying
    assert document.list_named_by("restart", "Upgrade") == staying
    for name in staying:
        unit = units[name]
        assert (unit["WantedBy"], unit["Restart"]) == ("multi-user.target", "always")
        assert unit["StartLimitIntervalSec"] == "0"


def test_every_service_may_write_its_own_files_only() -> None:
    for name, unit in DeployDocument().units.items():
        if name.endswith(".service"):
            assert (unit["User"], unit["ProtectSystem"]) == ("register", "strict")
            assert (unit["NoNewPrivileges"], unit["PrivateTmp"]) == ("true", "true")
            backups = {"/srv/register/backups"} if "backup" in name else set()
            assert set(unit["ReadWritePaths"].split()) == {"/srv/register/app/var"} | backups


@needs_machine
def test_a_district_is_set_up_as_the_document_says() -> None:
    """From an empty folder to a register behind nginx, its night and its backup."""
    with ExitStack() as ending:
        installed = ending.enter_context(an_empty_machine())
        first_passwords = install(installed)
        verify_units(installed)
        stop_web = ending.enter_context(installed.service("register.service"))
        stop_worker = ending.enter_context(installed.service("register-worker.service"))
        ending.enter_context(nginx(installed))
        browser = Browser(installed)
        wait_until(lambda: browser.ask("/health/").status == 200)
        ask_through_the_proxy(browser)
        forge_headers(browser)
        work_as_a_cadre(browser, first_passwords["Sumarni"])
        send_large_bodies(browser)
        installed.run_commands("register-night.service")
        (installed.folder / "backups").mkdir(mode=0o700)
        installed.run_commands("register-backup.service")
        (sealed,) = (installed.folder / "backups").iterdir()
        assert re.fullmatch(r"register-\d{4}-\d\d-\d\d\.sealed", sealed.name)
        assert sealed.stat().st_mode & 0o777 == 0o600
        said = installed.run(f"{MANAGE} doctor")
        assert "Tidak ada yang harus dibenahi." in said
        assert (stop_worker(), stop_web()) == (0, 0)
        answer = browser.ask("/")
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
        assert "Register sedang dimulai" in answer.body


def install(installed: Installation) -> dict[str, str]:
    """Run the blocks of "Install"; return the first password of each person of the file."""
    document, app = installed.document, installed.app
    for command in document.find("Install", "git clone").commands:
        if not command.startswith(("apt-get ", "adduser ")):
            installed.run(command, typed=f"{PASSWORD}\n{PASSWORD}\n")
    take_what_is_not_committed(app)
    (app / ".venv").symlink_to(ROOT / ".venv")
    (app / ".env").touch(0o600)
    (app / ".env").write_text(document.find("Install", "DATABASE_URL=").text)
    (app / "people.csv").write_text(PEOPLE, encoding="utf-8")
    superuser = {"USERNAME": "admin", "PASSWORD": ADMIN_PASSWORD, "EMAIL": "admin@example.go.id"}
    answers = {f"DJANGO_SUPERUSER_{name}": value for name, value in superuser.items()}
    commands = document.find("Install", "script/setup").commands
    for command in commands:
        if not command.endswith("doctor"):  # it looks for what is not running yet
            said = installed.run(command, **answers)
            if "load_people" in command:
                assert said.startswith("3 akun baru, 0 sudah ada.")
    rows = (app / "new.csv").read_text(encoding="utf-8").splitlines()
    return {cells[1]: cells[3] for cells in (line.split(",") for line in rows)}


def take_what_is_not_committed(app: Path) -> None:
    """Copy what a developer has changed here and the clone lacks."""
    listing = ["git", "ls-files", "--modified", "--others", "--exclude-standard", "-z"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, found.split("\0")):
        if (ROOT / name).is_file():
            (app / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, app / name)


def verify_units(installed: Installation) -> None:
    """Let systemd say what it does not understand, and when the timers run."""
    folder = installed.folder / "units"
    folder.mkdir()
    for name, unit in installed.document.units.items():
        (folder / name).write_text(unit.text)
        if name.endswith(".timer"):
            installed.run(f"systemd-analyze calendar '{unit['OnCalendar']}'")
    said = installed.run(f"systemd-analyze verify --man=no {folder}/*")
    assert str(folder) not in said, said


class Answer:
    """What curl printed: a status line, headers and a body."""

    def __init__(self, printed: str) -> None:
        head, _, self.body = printed.partition("\n\n")
        status, *headers = head.splitlines()
        self.protocol, self.status = status.split()[0], int(status.split()[1])
        self.headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)
        }


class Browser:
    """curl, with cookies, that finds the site's name at nginx here."""

    def __init__(self, installed: Installation) -> None:
        self.installed = installed
        self.jar, self.certificate = installed.folder / "cookies", installed.folder / "register.pem"

    def curl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run curl where every name and port leads to our nginx."""
        ports = self.installed.ports
        to = [part for port, ours in ports.items() for part in ("--connect-to", f":{port}:127.0.0.1:{ours}")]
        always = (
            "--silent",
            "--include",
            "--max-time",
            "60",
            "--cacert",
            f"{self.installed.folder}/register.pem",
        )
        return subprocess.run(
            [str(shutil.which("curl", path=PATH)), *always, *to, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            env={"PATH": PATH},
            check=False,
        )

    def ask(self, path: str, *arguments: str, scheme: str = "https") -> Answer:
        """Return the answer to a request with the cookies so far."""
        jar = ("--cookie", str(self.jar), "--cookie-jar", str(self.jar))
        done = self.curl(*jar, *arguments, f"{scheme}://{NAME}{path}")
        assert done.returncode == 0, f"{path}: curl {done.returncode} {done.stdout[:300]}"
        return Answer(done.stdout)

    def fill_in(self, path: str, *more: str, **fields: str) -> Answer:
        """Return the answer to a form of a page, sent as a browser does."""
        page = self.ask(path)
        assert page.status == 200, page.body
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert token
        fields["csrfmiddlewaretoken"] = token[1]
        sent = [part for name, value in fields.items() for part in ("--form-string", f"{name}={value}")]
        headers = list_headers("Expect:", f"Referer: https://{NAME}{path}")
        return self.ask(path, *sent, *more, *headers)

    def send_json(self, path: str, content: object) -> Answer:
        """Return the answer to a write of a page's script."""
        token = re.search(r"\tcsrftoken\t(\w+)", self.jar.read_text())
        assert token
        headers = ("Content-Type: application/json", f"X-CSRFToken: {token[1]}", f"Origin: https://{NAME}")
        return self.ask(path, "--data", json.dumps(content), *list_headers(*headers))


def list_headers(*headers: str) -> list[str]:
    """Return the headers as arguments of curl."""
    return [part for header in headers for part in ("--header", header)]


def ask_through_the_proxy(browser: Browser) -> None:
    """https by HTTP/2, http leads there, no other name is answered, static files are kept and compressed."""
    page = browser.ask("/accounts/login/?next=/")
    assert (page.protocol, page.status) == ("HTTP/2", 200)
    assert page.headers["strict-transport-security"].startswith("max-age=31536000")
    assert browser.ask("/", "--http1.1").protocol == "HTTP/1.1"
    answer = browser.ask("/children/?page=2", scheme="http")
    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}/children/?page=2")
    assert browser.ask("/health/").body == "ok"
    wait_until(lambda: browser.ask("/ready/").status == 200)  # the worker has said that it runs
    assert json.loads(browser.ask("/ready/").body) == {"not_ready": []}
    for arguments in (
        [f"https://{NAME}/health/", "--header", "Host: other.example"],
        ["https://other.example/health/", "--insecure"],
        ["http://other.example/health/"],
        ["http://127.0.0.1/health/"],
        [f"https://{NAME}/health/", "--tls-max", "1.1"],
    ):
        done = browser.curl(*arguments)
        assert done.returncode != 0, f"{arguments}: {done.stdout}"
        assert done.stdout == ""
    assert browser.curl(f"https://{NAME}/health/").returncode == 0
    (style, *_others) = re.findall(r'href="(/static/[^"]+\.css)"', page.body)
    for encoding in ("gzip", ""):
        answer = browser.ask(style, "--header", f"Accept-Encoding: {encoding}")
        assert answer.headers.get("content-encoding", "") == encoding
        assert answer.headers["cache-control"] == "max-age=315360000, public, immutable"
    # nginx of Debian compresses pages; what Django leaves as it is must stay so.
    assert "gzip off;" in browser.installed.document.find("nginx", "proxy_pass").text


def forge_headers(browser: Browser) -> None:
    """A client who says to be another or to come by http is not believed."""
    names = ("X-Real-IP", "X_Real_IP", "X-Forwarded-For", "X_Forwarded_For", "X-Client-IP", "Forwarded")
    forged = list_headers(*(f"{name}: 203.0.113.9" for name in names))
    forged += list_headers("X-Forwarded-Proto: http", "X-Forwarded-Host: other.example")
    assert browser.fill_in("/accounts/login/", *forged, username="dinkes", password="salah").status == 200
    answer = browser.ask("/children/", *forged)
    assert answer.headers["location"] == "/accounts/login/?next=/children/"
    look = (
        "from axes.models import AccessAttempt as A; print(*A.objects.values_list('ip_address', flat=True))"
    )
    said = browser.installed.run(f'.venv/bin/python manage.py shell --no-imports -c "{look}"')
    assert said.split() == ["127.0.0.1"]


def work_as_a_cadre(browser: Browser, first_password: str) -> None:
    """Sign in, choose a password, enrol a child, send a batch of measurements and a file."""
    name = "kpm." + VILLAGE.replace(".", "")
    signed_in = browser.fill_in("/accounts/login/", username=name, password=first_password)
    assert "Ganti kata sandi" in signed_in.body  # a first password opens nothing else
    passwords = {"old_password": first_password, "new_password1": CHOSEN, "new_password2": CHOSEN}
    assert browser.fill_in("/accounts/password/", **passwords).status == 302
    child = {"id": CHILD, "village": VILLAGE, "name": "Siti Contoh", "sex": "P", "birth_date": "2022-03-14"}
    assert browser.send_json("/api/v1/children/", child).status == 201
    items = [
        {
            "id": f"6a4f8a63-58a5-45b3-8b5e-07d9a2b6b0d{number}",
            "child": CHILD,
            "measured_on": f"2024-0{number}-05",
            "weight_kg": 10 + number / 10,
            "lenhei_cm": 84 + number / 2,
            "position": "H",
        }
        for number in (5, 6)
    ]
    answer = browser.send_json("/api/v1/measurements/batch/", {"items": items})
    assert [result["status"] for result in json.loads(answer.body)["results"]] == ["stored"] * 2, answer.body
    page = browser.ask(f"/children/{CHILD}/")
    assert page.status == 200
    assert "10,6" in page.body
    file = browser.installed.folder / "agustus.csv"
    file.write_bytes(csv_file(row(**{"Kec": KECAMATAN, "Desa/Kel": "Kesugihan Kidul"})))
    address = browser.fill_in("/import/", "--form", f"file=@{file}").headers["location"]
    wait_until(lambda: not json.loads(browser.ask(f"{address}state/").body)["working"])
    assert "SITI CONTOH" in browser.ask(address).body


def send_large_bodies(browser: Browser) -> None:
    """A file of 32 MB is read (as one line it is none), one of 34 MB is refused in words before."""
    file = browser.installed.folder / "besar.csv"
    for size, status, words in (
        (32 * MIB, 400, "baris 1"),
        (33 * MIB - 2000, 400, "Berkas ini lebih dari 32 MB"),
        (34 * MIB, 413, "Berkas ini lebih dari 32 MB"),
    ):
        file.write_bytes(b"x" * size)
        answer = browser.fill_in("/import/", "--form", f"file=@{file}")
        assert answer.status == status, answer.body
        assert words in answer.body
