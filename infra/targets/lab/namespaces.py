"""One named network namespace: makes, removes, changes (by batches of `ip` and `tc`) and looks at it.

Everything happens in child processes, so threads of one process can work on different namespaces at the same time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.targets.lab import host
from infra.targets.lab.names import NAMESPACE_FOLDER
from infra.targets.target import Completed, TargetError

_SEPARATOR = "\x1e"
_LOOK = f"ip -j -d address show; echo '{_SEPARATOR}'; ip -j -4 route show; echo '{_SEPARATOR}'; tc -j qdisc show"
_IPV6 = Path("/proc/sys/net/ipv6")
# The lab speaks IPv4 alone; neighbour discovery would be noise in counters and captures.
_QUIET = {
    "net.ipv6.conf.all.disable_ipv6": "1",
    "net.ipv6.conf.default.disable_ipv6": "1",
}


@dataclasses.dataclass(frozen=True)
class Link:
    """A link as found; `carrier` tells that its other end is up too."""

    name: str
    kind: str | None
    up: bool
    carrier: bool
    mtu: int
    mac: str
    master: str | None
    alias: str | None
    addresses: tuple[str, ...]

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Link:
        """Return a link from what `ip -j -d address show` says of it."""
        addresses = (
            f"{info['local']}/{info['prefixlen']}" for info in found["addr_info"] if info.get("family") == "inet"
        )
        return cls(
            name=found["ifname"],
            kind=found.get("linkinfo", {}).get("info_kind"),
            up="UP" in found["flags"],
            carrier="LOWER_UP" in found["flags"],
            mtu=found["mtu"],
            mac=found.get("address", ""),
            master=found.get("master"),
            alias=found.get("ifalias"),
            addresses=tuple(addresses),
        )


@dataclasses.dataclass(frozen=True)
class View:
    """What one look at a namespace found."""

    links: dict[str, Link]
    routes: tuple[dict[str, Any], ...]
    queues: dict[str, list[dict[str, Any]]]
    settings: dict[str, str]

    @property
    def prepared(self) -> bool:
        """Tell whether the making of the namespace came to its end."""
        return self.links["lo"].up


class Namespace:
    """A named network namespace, whether it exists or not."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def path(self) -> Path:
        """The file by which the namespace is named."""
        return NAMESPACE_FOLDER / self.name

    @property
    def inode(self) -> int | None:
        """The kernel's number of the namespace, None where there is none; a file left over by a reboot is none."""
        try:
            found = self.path.stat()
            if found.st_dev == NAMESPACE_FOLDER.stat().st_dev:
                return None
        except FileNotFoundError:
            return None
        return found.st_ino

    def exists(self) -> bool:
        """Tell whether the namespace exists."""
        return self.inode is not None

    def ensure(self, settings: Mapping[str, str] | None = None) -> bool:
        """Make the namespace with these kernel settings; return whether it had to be made."""
        if self.exists():
            return False
        with contextlib.suppress(FileNotFoundError):
            self.path.unlink()
        host.run(["ip", "netns", "add", self.name])
        self.prepare(settings)
        return True

    def prepare(self, settings: Mapping[str, str] | None = None) -> None:
        """Set what a new namespace needs; `lo` comes up last, so that one whose making was killed is known by it."""
        self.set({**(_QUIET if _IPV6.exists() else {}), **(settings or {})})
        self.ip(["link set dev lo up"])

    def remove(self) -> None:
        """Remove the namespace with all links in it, and the far ends of those.

        The links go first, for the kernel would remove them some time after the namespace's name.
        """
        view = self.look()
        if view:
            lines = [f"link delete dev {name}" for name, link in view.links.items() if link.kind in ("veth", "bridge")]
            host.run(["ip", "-n", self.name, "-force", "-batch", "-"], stdin="\n".join(lines) + "\n", check=False)
        if self.path.exists():
            host.run(["ip", "netns", "delete", self.name])

    def ip(self, lines: Iterable[str]) -> None:
        """Run a batch of `ip` commands, all or up to the first that fails."""
        self._batch("ip", lines)

    def tc(self, lines: Iterable[str]) -> None:
        """Run a batch of `tc` commands, all or up to the first that fails."""
        self._batch("tc", lines)

    def _batch(self, command: str, lines: Iterable[str]) -> None:
        batch = list(lines)
        if not batch:
            return
        try:
            host.run([command, "-n", self.name, "-batch", "-"], stdin="\n".join(batch) + "\n")
        except host.CommandFailed as error:
            if not self.exists():
                raise TargetError(f"the network namespace {self.name} is gone; `make up` brings it back") from error
            raise TargetError(f"in {self.name}, while doing [{'; '.join(batch)}]: {error}") from error

    def set(self, settings: Mapping[str, str]) -> None:
        """Set kernel settings (sysctl) of this namespace."""
        if settings:
            self.run(["sysctl", "-qw", *(f"{key}={value}" for key, value in settings.items())])

    def command(self, command: Sequence[str]) -> list[str]:
        """Return a command of the host's files that runs in this namespace."""
        return ["nsenter", f"--net={self.path}", *command]

    def run(self, command: Sequence[str], *, stdin: str | None = None, check: bool = True) -> Completed:
        """Run a command of the host's files in this namespace."""
        return host.run(self.command(command), stdin=stdin, check=check)

    def look(self, settings: Iterable[str] = ()) -> View | None:
        """Return links, routes, queues and the kernel settings asked for; None where the namespace is gone."""
        if not self.exists():
            return None
        keys = list(settings)
        script = _LOOK + f"; echo '{_SEPARATOR}'" + (f"; sysctl -n {' '.join(keys)}" if keys else "")
        try:
            shown = self.run(["sh", "-c", script]).stdout.split(_SEPARATOR)
        except host.CommandFailed:
            if not self.exists():
                return None
            raise
        links, routes, queues = (json.loads(part.strip() or "[]") for part in shown[:3])
        by_link: dict[str, list[dict[str, Any]]] = {}
        for queue in queues:
            by_link.setdefault(queue["dev"], []).append(queue)
        return View(
            links={link.name: link for link in (Link.from_json(found) for found in links if "ifname" in found)},
            routes=tuple(routes),
            queues=by_link,
            settings=dict(zip(keys, shown[3].split("\n")[1:], strict=False)),
        )

    def mtu(self, link: str) -> int:
        """Return the MTU of one link, in bytes."""
        shown = json.loads(host.run(["ip", "-n", self.name, "-j", "link", "show", "dev", link]).stdout)
        return int(shown[0]["mtu"])

    def queue_statistics(self) -> list[dict[str, Any]]:
        """Return the queueing disciplines with what has passed them."""
        shown = host.run(["tc", "-n", self.name, "-s", "-j", "qdisc", "show"]).stdout
        return list(json.loads(shown or "[]"))


def connect(near: Namespace, name: str, far: Namespace, far_name: str, attributes: str = "") -> None:
    """Make a veth pair between two namespaces; a far end of the same name that is still going away is waited for."""
    line = f"link add dev {name} {attributes} type veth peer name {far_name} netns {far.name}"
    for attempt in range(40):
        try:
            near.ip([line])
        except TargetError as error:
            if "File exists" not in str(error) or attempt == 39:
                raise
            host.run(["ip", "-n", far.name, "link", "delete", "dev", far_name], check=False)
            time.sleep(0.05)
        else:
            return


def all_names() -> list[str]:
    """Return the names of all network namespaces of this host, also of files left over by a reboot."""
    if not NAMESPACE_FOLDER.is_dir():
        return []
    return sorted(path.name for path in NAMESPACE_FOLDER.iterdir())
