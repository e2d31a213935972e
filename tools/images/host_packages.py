"""Where this host gets its Debian packages from, so that images are built from the same place.

Reads apt's own view of its configuration: mirrors, keys and proxies stay the host's affair and never stand in a recipe.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

HELPER = "/usr/lib/apt/apt-helper"
DEFAULT_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


class PackageSourceError(Exception):
    """The host's apt does not lead to a mirror that serves the release wanted."""


@dataclass(frozen=True)
class PackageSource:
    """One suite of one mirror, as the host reaches it."""

    site: str
    suite: str


def find_sources(release: str) -> list[PackageSource]:
    """Return the suites of `release` that the host's mirrors serve, the release itself first.

    Raises PackageSourceError when no configured mirror serves the release.
    """
    mirrors, security = _mirrors()
    if not mirrors:
        _run(["apt-get", "-qq", "update"])
        mirrors, security = _mirrors()
    wanted = [(site, suite) for site in mirrors for suite in (release, f"{release}-updates")]
    wanted += [(site, f"{release}-security") for site in security]
    served = [PackageSource(site, suite) for site, suite in wanted if _is_served(site, suite)]
    if not any(source.suite == release for source in served):
        known = ", ".join(mirrors) or "no Debian mirror is configured"
        raise PackageSourceError(
            f"none of this host's package mirrors serves {release} ({known}); "
            f"add one to /etc/apt/sources.list.d and run apt-get update"
        )
    return sorted(served, key=lambda source: (source.suite != release, source.suite))


def write_apt_configuration(
    folder: Path, sources: list[PackageSource], components: tuple[str, ...], seen_as: str
) -> None:
    """Write apt.conf, sources.list and the key ring into `folder`, which a container sees as `seen_as`."""
    keyring = folder / "keyring.gpg"
    keyring.write_bytes(Path(DEFAULT_KEYRING).read_bytes())
    lines = [
        f"deb [signed-by={seen_as}/keyring.gpg] {source.site} {source.suite} {' '.join(components)}"
        for source in sources
    ]
    (folder / "sources.list").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = [
        f'Dir::Etc::sourcelist "{seen_as}/sources.list";',
        'Dir::Etc::sourceparts "-";',
        'Acquire::Languages "none";',
        'APT::Sandbox::User "root";',
        'APT::Install-Recommends "false";',
    ]
    (folder / "apt.conf").write_text("\n".join([*acquire_settings(), *settings]) + "\n", encoding="utf-8")


def acquire_settings() -> list[str]:
    """Return the host's settings of how packages are fetched: proxies, certificates, checks of dates and retries."""
    kept = ("Acquire::http", "Acquire::https", "Acquire::Check", "Acquire::Retries", "Acquire::AllowInsecure")
    settings = [line for line in _run(["apt-config", "dump", "Acquire"]).splitlines() if line.startswith(kept)]
    for scheme in ("http", "https"):
        proxy = os.environ.get(f"{scheme}_proxy") or os.environ.get(f"{scheme.upper()}_PROXY")
        if proxy and not any(line.lower().startswith(f"acquire::{scheme}::proxy ") for line in settings):
            settings.append(f'Acquire::{scheme}::Proxy "{proxy}";')
    return settings


def _mirrors() -> tuple[list[str], list[str]]:
    """Addresses of the configured Debian mirrors: those of the releases, those of the security suites."""
    listing = _run(["apt-get", "indextargets", "--format", "$(SITE)|$(ORIGIN)|$(LABEL)", "Created-By: Packages"])
    found = [line.split("|") for line in dict.fromkeys(listing.splitlines())]
    debian = [(site, label) for site, origin, label in found if origin == "Debian"]
    return [site for site, label in debian if label == "Debian"], [
        site for site, label in debian if label == "Debian-Security"
    ]


def _is_served(site: str, suite: str) -> bool:
    with tempfile.TemporaryDirectory(prefix="municipal-twin-") as folder:
        fetched = subprocess.run(
            [
                HELPER,
                "-o",
                "APT::Sandbox::User=root",
                "download-file",
                f"{site}/dists/{suite}/InRelease",
                f"{folder}/InRelease",
            ],
            capture_output=True,
            check=False,
            timeout=120,
        )
        return fetched.returncode == 0


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    except FileNotFoundError as error:
        raise PackageSourceError(f"{command[0]} is not installed: images are built on a Debian host") from error
    except subprocess.CalledProcessError as error:
        raise PackageSourceError(f"{' '.join(command)}: {error.stderr.strip()}") from error
    return done.stdout
