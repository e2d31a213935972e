"""Each bad surrounding gives its one line: what is wrong, and what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import kernel_features
import preflight
import pulumi_command
import pytest
import system_packages
from progress import Log, StageFailed

InClone = Callable[..., subprocess.CompletedProcess[str]]
FIND = "import kernel_features, preflight; found = {}; print(found.what if found else None)"


def _reason(output: str) -> str:
    """Return the one line that says why."""
    reasons = [line.split("why: ", 1)[1] for line in output.splitlines() if "why: " in line]
    assert len(reasons) == 1, output
    return reasons[0]


def test_this_machine_is_fit() -> None:
    """Where these tests run, nothing fatal is found."""
    assert [finding for finding in preflight.findings(lab=True) if finding.fatal] == []
    assert kernel_features.missing() == []


def test_no_root_is_one_line(clone: Path) -> None:
    """`make up` as an ordinary user ends at once, says why, and what works without root."""
    os.chown(clone, 65534, 65534)
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    own = subprocess.run([*nobody, "test", "-x", Path(sys.executable).resolve()], check=False).returncode == 0
    python = sys.executable if own else "/usr/bin/python3"
    done = subprocess.run(
        [*nobody, "make", "up", f"PYTHON={python}"],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "HOME": str(clone)},
    )
    assert done.returncode == 2
    assert "you are not root" in _reason(done.stderr)
    assert "make venv" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_namespaces_is_one_line(in_clone: InClone) -> None:
    """Without the right to make namespaces the finding names the kernel's answer."""
    done = in_clone(FIND.format("kernel_features.namespaces()"), "setpriv", "--bounding-set=-sys_admin")
    assert done.stdout.strip().startswith("this machine makes no network namespaces (")


def test_missing_kernel_feature_is_named() -> None:
    """A feature that the kernel lacks is named with its use and its configuration option."""
    feature = kernel_features.Feature("flux links", "ip link add name a type flux", "every flux", "FLUX")
    (finding,) = kernel_features.missing((feature,))
    assert finding.what == "this kernel has no flux links, needed for every flux"
    assert "CONFIG_FLUX" in finding.remedy


def test_small_disk_is_one_line(clone: Path) -> None:
    """A disk that is too small is named with what is free and what is needed, before anything is made."""
    (clone / ".state").mkdir()
    (clone / "look.py").write_text(
        "import sys; sys.path.insert(0, 'tools'); import preflight; print(preflight.disk({preflight.STATE: 1.0}).what)"
    )
    script = f"mount -t tmpfs -o size=20m none .state && {sys.executable} look.py"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"the disk of {clone}/.state has 0.0 GiB free, and 1.0 GiB are needed"


def test_full_disk_is_one_line(clone: Path) -> None:
    """Where not even the clone's own folder can be written, `make up` says so in one line."""
    (clone / ".state").mkdir()
    script = "mount -t tmpfs -o size=8k none .state && head -c 1m /dev/zero > .state/filler; make up"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "No space left on device; mend that and run again" in done.stderr
    assert "Traceback" not in done.stderr


def test_disk_sums_places_that_share_it(tmp_path: Path) -> None:
    """What two folders of one disk need is added up."""
    needed = {tmp_path / "a": 2.0, tmp_path / "b": 3.0}
    finding = preflight.disk(needed, usage=lambda _folder: 4 * 2**30)
    assert finding is not None
    assert finding.what.endswith("has 4.0 GiB free, and 5.0 GiB are needed")
    assert preflight.disk(needed, usage=lambda _folder: 6 * 2**30) is None


def test_open_files_limit_is_one_line(in_clone: InClone) -> None:
    """A low hard limit of open files is named with the one that is needed."""
    done = in_clone(FIND.format("preflight.open_files()"), "prlimit", "--nofile=1024:1024")
    assert done.stdout.strip() == "at most 1024 open files in a process"


def test_small_figures_are_one_line_each(tmp_path: Path) -> None:
    """Old Python, little memory, few inotify instances and missing cgroups each give their finding."""
    setting = tmp_path / "max_user_instances"
    setting.write_text("16\n")
    found = [
        preflight.python((3, 9)),
        preflight.memory(1.5),
        preflight.inotify(setting),
        preflight.cgroups(tmp_path),
    ]
    assert [finding.what for finding in found if finding] == [
        "Python is 3.9",
        "1.5 GiB of memory",
        "fs.inotify.max_user_instances is 16: not every node could boot",
        f"no cgroup hierarchy under {tmp_path}: the nodes' systemd cannot start",
    ]


@pytest.fixture
def nothing_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where no Pulumi command is there; returns the only folder on PATH."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin"


def test_missing_commands_are_one_line(nothing_built: Path) -> None:
    """What a person must install first is named all at once."""
    assert list(nothing_built.iterdir()) == []
    finding = preflight.commands()
    assert finding is not None
    assert finding.what.startswith("not installed: git, make, go (or pulumi 3.259 or later")


@pytest.mark.parametrize(("shown", "fatal"), [("1.19.8", True), ("1.24.4", False)])
def test_old_go_is_one_line(nothing_built: Path, shown: str, *, fatal: bool) -> None:
    """Debian 12's Go cannot build the command; Debian 13's fetches the one it needs."""
    go = nothing_built / "go"
    go.write_text(f"#!/bin/sh\necho go version go{shown} linux/amd64\n")
    go.chmod(0o755)
    finding = preflight.go_version()
    assert finding is not None
    assert finding.what.startswith(f"Go is {shown}, and building the Pulumi command takes 1.")
    assert finding.fatal is fatal


def test_an_installed_pulumi_is_used_when_new_enough(nothing_built: Path) -> None:
    """3.259 with its language host is used; an older one, or one without a host, is not."""
    (nothing_built / "pulumi").write_text("#!/bin/sh\necho v3.258.0\n")
    (nothing_built / "pulumi").chmod(0o755)
    assert pulumi_command.to_be_built()
    (nothing_built / "pulumi").write_text("#!/bin/sh\necho v3.260.1\n")
    assert pulumi_command.to_be_built()
    (nothing_built / "pulumi-language-python").write_text("#!/bin/sh\n")
    (nothing_built / "pulumi-language-python").chmod(0o755)
    assert not pulumi_command.to_be_built()


def test_package_that_cannot_be_installed_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where apt has no such package (no Podman to be had, say), the line names it and what to check."""
    lists = tmp_path / "packages.json"
    lists.write_text('{"lab": {"no-such-package-anywhere": "runs the nodes"}}')
    sources = tmp_path / "apt.conf"
    folder = tmp_path / "lists"
    (folder / "partial").mkdir(parents=True)
    sources.write_text(
        f'Dir::Etc::sourcelist "/dev/null"; Dir::Etc::sourceparts "/dev/null"; Dir::State::lists "{folder}";'
    )
    monkeypatch.setattr(system_packages, "LISTS", lists)
    monkeypatch.setenv("APT_CONFIG", str(sources))
    with pytest.raises(StageFailed) as caught:
        system_packages.install(Log(tmp_path / "logs", "test"), ["lab"])
    assert caught.value.why.startswith("cannot be installed: no-such-package-anywhere (")
    assert "package sources" in caught.value.remedy
    assert any("Unable to locate package" in line for line in caught.value.tail), capsys.readouterr()
