"""The shipped nginx configuration in front of a server, with a certificate of its own."""

from __future__ import annotations

import getpass
import os
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers import free_port, until

CHECKOUT = Path(__file__).parents[2]
SITE = CHECKOUT / "deploy" / "nginx.conf"
HOST = "foerderung.example"
ONE_SERVER = "server 127.0.0.1:8000 max_fails=0;    # one line per process of `funding serve`"
AROUND = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    include {types};
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
"""What a distribution's own nginx.conf says around the site."""
TYPES = "types { text/css css; application/javascript js; image/svg+xml svg; font/woff2 woff2; }\n"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running nginx: its ports on the loopback interface, and whom to trust for it."""

    plain_port: int
    port: int
    trust: ssl.SSLContext


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def laid_out(folder: Path, servers: list[int]) -> tuple[int, int]:
    """Writes the shipped site with what an office fills in; returns its two ports."""
    plain, tls = free_port(), free_port()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    upstream = "".join(f"    server 127.0.0.1:{port} max_fails=0;\n" for port in servers)
    filled_in = {
        f"    {ONE_SERVER}\n": upstream,
        f"/etc/ssl/{HOST}/fullchain.pem": str(certificate),
        f"/etc/ssl/{HOST}/privkey.pem": str(key),
        "/srv/funding/app/funding_app/static/": f"{CHECKOUT}/funding_app/static/",
        "/srv/funding/app/deploy/errors;": f"{CHECKOUT}/deploy/errors;",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl;\n": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl;": f"listen 127.0.0.1:{tls} ssl;",
    }
    site = SITE.read_text("utf-8")
    for shipped, own in filled_in.items():
        assert site.count(shipped) == 1, f"{shipped!r} is not in the shipped configuration"
        site = site.replace(shipped, own)
    (folder / "site.conf").write_text(site, "utf-8")
    (folder / "types.conf").write_text(TYPES, "utf-8")
    user = f"user {getpass.getuser()};" if os.geteuid() == 0 else ""
    text = AROUND.format(folder=folder, user=user, types=folder / "types.conf")
    (folder / "nginx.conf").write_text(text, "utf-8")
    return plain, tls


def command(folder: Path, *options: str) -> list[str]:
    """nginx on what is laid out in the folder."""
    found = program()
    assert found, "nginx is missing: apt-get install nginx-light"
    return [found, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), *options]


@contextmanager
def proxy(folder: Path, *servers: int) -> Iterator[Proxy]:
    """Runs nginx with the shipped site in front of servers on these ports."""
    plain, tls = laid_out(folder, list(servers))
    running = subprocess.Popen(command(folder), stderr=subprocess.DEVNULL)
    try:
        until((folder / "nginx.pid").exists, what="the start of nginx")
        trust = ssl.create_default_context(cafile=str(folder / "certificate.pem"))
        yield Proxy(plain, tls, trust)
    finally:
        running.terminate()
        running.wait(10)
