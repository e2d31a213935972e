"""Data volumes: named Podman volumes that outlive their nodes and are removed only on demand."""

from __future__ import annotations

from infra.targets.lab.place import Place
from infra.targets.target import Observed, Progress, TargetError


def ensure(place: Place, volume: str, progress: Progress) -> Observed:
    """Make a volume where it is missing."""
    with place.lock(f"volume/{volume}"):
        name = place.names.volume(volume)
        if name not in place.podman.volumes():
            progress(f"volume {volume}: making it")
            labels = [part for key, value in place.labels.items() for part in ("--label", f"{key}={value}")]
            done = place.podman.run("volume", "create", *labels, name, check=False)
            if done.returncode != 0 and name not in place.podman.volumes(fresh=True):
                raise TargetError(f"volume {name} could not be made: {done.stderr.strip()}")
    return Observed(volume, {"id": volume})


def read(place: Place, volume: str) -> Observed | None:
    """Look at a volume; None where it does not exist."""
    there = place.names.volume(volume) in place.podman.volumes()
    return Observed(volume, {"id": volume}) if there else None


def remove(place: Place, volume: str) -> None:
    """Remove a volume for good; raises TargetError where a node still uses it."""
    name = place.names.volume(volume)
    if name in place.podman.volumes(fresh=True):
        place.podman.run("volume", "rm", name)
