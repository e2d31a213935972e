"""The system of a node: a Podman container with systemd inside, in the node's own network namespace.

Makes, starts, stops and looks at it. Its network is made by `ports.py` before, so links survive its restart.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import time

from infra.specs import REPLACING_NODE_FIELDS, NodeSpec, to_json
from infra.targets.lab import host, leftovers
from infra.targets.lab.capabilities import DEVICES, capabilities
from infra.targets.lab.names import DIGEST_LABEL, IMAGES, NODE_LABEL, digest
from infra.targets.lab.namespaces import Namespace
from infra.targets.lab.place import Place
from infra.targets.lab.podman import Container, unified_cgroups
from infra.targets.target import Completed, LabNotRunning, Progress, TargetError

TIME_ZONE = "Asia/Tokyo"
BOOT_LIMIT_S = 120.0
_BOOTED = ("running", "degraded")
# Raised whenever the options below change, so that nodes made with the old ones are made anew.
_RECIPE = 2
_MOST_FILES, _MOST_PROCESSES = 16384, 4096
_ENVIRONMENT = (
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME=/root",
    "LANG=C.UTF-8",
    "TERM=dumb",
    "container=podman",
)


def image(spec: NodeSpec) -> str:
    """Return the name of a node's image."""
    return f"{IMAGES}/{spec.image}:latest"


def spec_digest(spec: NodeSpec) -> str:
    """Return the digest of what cannot be changed in a container once it is made."""
    fields = {key: value for key, value in to_json(spec).items() if key in REPLACING_NODE_FIELDS}
    return digest(json.dumps([_RECIPE, fields, sorted(capabilities(spec.role))], sort_keys=True), 16)


def find(place: Place, node_id: str, *, fresh: bool = False) -> Container | None:
    """Return a node's container, None where there is none.

    What was listed a moment ago is believed unless its process has gone since.
    """
    name = place.names.container(node_id)
    container = place.podman.containers(fresh=fresh).get(name)
    if container and container.running and not fresh and leftovers.namespace_of(container.pid, "net") is None:
        return place.podman.containers(fresh=True).get(name)
    return container


def differences(place: Place, spec: NodeSpec) -> list[str]:
    """Return what differs between the container and what was asked for, in plain words."""
    name, container = place.names.container(spec.id), find(place, spec.id)
    if container is None:
        return [f"container {name} is gone"]
    found = []
    image_id = place.podman.image_ids().get(image(spec))
    if image_id and container.image_id != image_id:
        found.append(f"container {name} was made from another image than {image(spec)} is now")
    if container.labels.get(DIGEST_LABEL) != spec_digest(spec):
        found.append(f"container {name} was made with other memory, processors, volumes or capabilities")
    if not container.running:
        found.append(f"container {name} is not running ({container.state})")
    elif leftovers.namespace_of(container.pid, "net") != Namespace(place.names.node_namespace(spec.id)).inode:
        found.append(f"container {name} is not in its own network namespace")
    return found


def ensure(place: Place, spec: NodeSpec, progress: Progress) -> None:
    """Make, remake or start a node's container, and wait until its system has booted."""
    container = find(place, spec.id)
    if container is None or not container.running:
        container = find(place, spec.id, fresh=True)
    if container and (
        container.labels.get(DIGEST_LABEL) != spec_digest(spec)
        or container.image_id != place.podman.image_ids().get(image(spec), container.image_id)
    ):
        progress(f"{spec.id}: making it anew, for its image or size has changed")
        remove(place, spec.id)
        container = None
    if container and container.running:
        if leftovers.namespace_of(container.pid, "net") != Namespace(place.names.node_namespace(spec.id)).inode:
            progress(f"{spec.id}: restarting it in its own network namespace")
            place.podman.run("kill", container.name, check=False)
            container = _start(place, spec, container, progress)
    elif container:
        progress(f"{spec.id}: starting ({container.state})")
        container = _start(place, spec, container, progress)
    if container is None:
        progress(f"{spec.id}: making the system from {image(spec)}")
        _create(place, spec)
    wait_booted(place, spec.id, progress)


def creation(place: Place, spec: NodeSpec) -> list[str]:
    """Return the Podman command (without its first word) that makes a node's system and starts it."""
    network = Namespace(place.names.node_namespace(spec.id)).path
    options = [
        *("--name", place.names.container(spec.id), "--hostname", spec.id, "--network", f"ns:{network}"),
        *("--systemd=always", "--restart=always", "--pull=never", "--tz", TIME_ZONE),
        # Podman would copy names and name servers of this host into the node.
        *("--no-hosts", "--dns=none", "--http-proxy=false"),
        *("--memory", str(spec.memory_bytes), *_processors(spec)),
        *("--ulimit", _limit("nofile", resource.RLIMIT_NOFILE, _MOST_FILES)),
        *("--ulimit", _limit("nproc", resource.RLIMIT_NPROC, _MOST_PROCESSES)),
        "--cap-drop=all",
        *(f"--cap-add={capability}" for capability in capabilities(spec.role)),
        *(f"--device={device}" for device in DEVICES[spec.role]),
        *(f"--volume={place.names.volume(volume)}:{folder}" for volume, folder in sorted(spec.volumes.items())),
    ]
    if not unified_cgroups():
        # systemd 256 and later refuses to start on control groups of the first version without it.
        options += ["--env", "SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1"]
    options += [part for key, value in _labels(place, spec).items() for part in ("--label", f"{key}={value}")]
    return ["run", "--detach", *options, image(spec), "/sbin/init"]


def _labels(place: Place, spec: NodeSpec) -> dict[str, str]:
    return {**place.labels, NODE_LABEL: spec.id, DIGEST_LABEL: spec_digest(spec)}


def _create(place: Place, spec: NodeSpec) -> None:
    name = place.names.container(spec.id)
    if image(spec) not in place.podman.image_ids():
        raise TargetError(f"the image {image(spec)} of node {spec.id} is missing; `make setup` builds it")
    command = creation(place, spec)
    done = place.podman.make(command, name, image(spec), _labels(place, spec))
    if done.returncode != 0 and "already in use" in done.stderr:
        # A creation that was killed half-way leaves a name in the storage that only this removes.
        place.podman.run("rm", "--force", "--storage", name, check=False)
        place.podman.run("rm", "--force", name, check=False)
        done = place.podman.make(command, name, image(spec), _labels(place, spec))
    if done.returncode != 0:
        raise host.CommandFailed(["podman", "run", "…", name], done)
    _write_names(place, spec)


def _write_names(place: Place, spec: NodeSpec) -> None:
    """Give the node its own name and no name servers: it has no way out."""
    script = f"printf '127.0.0.1 localhost\\n127.0.1.1 {spec.id}\\n' > /etc/hosts; : > /etc/resolv.conf"
    run(place, spec.id, ["sh", "-c", script]).check("its own name could not be written")


def _processors(spec: NodeSpec) -> list[str]:
    """Return what a node may use of the processors.

    A router is never held back, for a quota would stall its timers (and its tunnels, in user space) by up to 0.1 s; on
    a busy host it goes before other nodes.
    """
    if spec.role == "router":
        return ["--cpu-shares", "8192"]
    return ["--cpus", str(min(spec.cpus, os.cpu_count() or 1))]


def _limit(name: str, kind: int, most: int) -> str:
    hard = resource.getrlimit(kind)[1]
    figure = most if hard == resource.RLIM_INFINITY else min(most, hard)
    return f"{name}={figure}:{figure}"


def _start(place: Place, spec: NodeSpec, container: Container, progress: Progress) -> Container | None:
    """Start a stopped container; None where it cannot be started and was removed, to be made anew."""
    leftovers.end_processes_of(container.id)
    done = Completed(1, "", "")
    for _ in range(5):
        done = place.podman.run("start", container.name, check=False)
        if done.returncode == 0:
            return dataclasses.replace(container, state="running")
        # Right after a kill Podman may still be clearing up.
        time.sleep(0.2)
    progress(f"{spec.id}: cannot be started ({done.stderr.strip().splitlines()[-1:]}), making it anew")
    remove(place, spec.id)
    return None


def remove(place: Place, node_id: str) -> None:
    """Remove a node's container; its volumes stay."""
    container = find(place, node_id, fresh=True)
    if container:
        place.podman.run("rm", "--force", "--time", "0", container.name)
        leftovers.end_processes_of(container.id)


def freeze(place: Place, node_id: str) -> None:
    """Stop every process of a node's system where it stands, within milliseconds; only `kill` ends that."""
    container = find(place, node_id, fresh=True)
    if container and container.running:
        leftovers.freeze_processes_of(container.pid)


def kill(place: Place, node_id: str) -> None:
    """Stop a node's system at once; `--restart=always` does not bring back what Podman itself has killed."""
    container = find(place, node_id, fresh=True)
    if container and container.running:
        place.podman.run("kill", container.name)


def wait_booted(place: Place, node_id: str, progress: Progress) -> None:
    """Return when a node's system has booted; raises TargetError where it does not, with what is in its way."""
    deadline = time.monotonic() + BOOT_LIMIT_S
    state = "not started"
    while time.monotonic() < deadline:
        try:
            done = run(place, node_id, ["systemctl", "is-system-running", "--wait"], deadline - time.monotonic())
            state = done.stdout.strip() or done.stderr.strip() or state
        except LabNotRunning as error:
            container = find(place, node_id, fresh=True)
            if container is None or not container.running:
                name = place.names.container(node_id)
                raise TargetError(f"node {node_id} stopped while it booted: see `podman logs {name}`") from error
            state = "starting"
        except host.CommandFailed:
            break
        if state in _BOOTED:
            if state == "degraded":
                failed = run(place, node_id, ["systemctl", "list-units", "--failed", "--plain", "--no-legend"])
                units = ", ".join(line.split()[0] for line in failed.stdout.splitlines() if line.strip())
                progress(f"{node_id}: booted, but these units failed: {units}")
            return
        time.sleep(0.1)
    jobs = run(place, node_id, ["systemctl", "list-jobs", "--no-legend"]).stdout.split("\n")[:5]
    raise TargetError(
        f"node {node_id} has not booted within {BOOT_LIMIT_S:g} s ({state}); waiting for: {' | '.join(jobs)}"
    )


class _Ended(Completed):
    """A command's end that can be insisted on."""

    def check(self, problem: str) -> None:
        """Raise TargetError where the command failed."""
        if self.returncode != 0:
            raise TargetError(f"{problem}: {self.stderr.strip() or self.stdout.strip()}")


def run(place: Place, node_id: str, command: list[str], timeout_s: float = 60.0, stdin: str | None = None) -> _Ended:
    """Run a command in a node's system as its root, with the capabilities of its role and no more.

    It enters the namespaces itself: some 10 ms, where `podman exec` takes 100 to 300 ms of two busy cores.
    """
    container = find(place, node_id)
    inode = Namespace(place.names.node_namespace(node_id)).inode
    if container is None or not container.running or leftovers.namespace_of(container.pid, "net") != inode:
        raise LabNotRunning(f"node {node_id} is not up; `make up` brings it back")
    bound = ",".join(["-all", *(f"+{name.lower()}" for name in capabilities(place.asked(node_id).role))])
    entered = host.run(
        [
            *("nsenter", f"--target={container.pid}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup"),
            *("--root", "--wd", "--", "/usr/bin/env", "-i", *_ENVIRONMENT),
            *("/usr/bin/setpriv", f"--bounding-set={bound}", "--", *command),
        ],
        stdin=stdin,
        timeout_s=timeout_s,
        check=False,
    )
    return _Ended(entered.returncode, entered.stdout, entered.stderr)
