"""Rules on what is encrypted, and how."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inventory.problems import Problem
from inventory.rules.scope import Scope

# Proposals whose bytes on the wire the derivation of MTU and MSS knows: 8-byte IV, 16-byte tag, 4-byte alignment.
_KNOWN_ESP = re.compile(r"(aes(128|192|256)gcm16|chacha20poly1305)(-[a-z0-9]+)*")


def profiles_exist(scope: Scope) -> Iterator[Problem]:
    """A circuit's tunnel profile is defined."""
    for id_, circuit in scope.records.circuits.items():
        path = f"circuits.{id_}.tunnel_profile"
        yield from scope.unknown(path, "tunnel profile", circuit.tunnel_profile, "tunnel_profiles")


def backups_are_encrypted(scope: Scope) -> Iterator[Problem]:
    """A line into a carrier network carries tunnels alone, so it names their profile."""
    for id_, circuit in scope.records.circuits.items():
        inside = [end for end in circuit.ends.both if end in scope.records.carrier_networks]
        if inside and circuit.tunnel_profile is None:
            known = ", ".join(sorted(scope.names("tunnel_profiles")))
            found = f"a line into `{inside[0]}` without a tunnel profile"
            yield scope.problem(f"circuits.{id_}", found, f"`tunnel_profile` with one of {known}")


def profiles_stand_where_tunnels_run(scope: Scope) -> Iterator[Problem]:
    """A campus link is part of a LAN and carries no tunnels."""
    for id_, circuit in scope.records.circuits.items():
        if circuit.service == "campus-link" and circuit.tunnel_profile is not None:
            found = "a campus link carries no tunnels"
            yield scope.problem(f"circuits.{id_}.tunnel_profile", found, "no tunnel profile")


def carrier_networks_have_one_profile(scope: Scope) -> Iterator[Problem]:
    """Tunnels over a carrier network have one profile, whichever access line they start from."""
    first: dict[str, tuple[str, str]] = {}
    for id_, circuit in scope.records.circuits.items():
        if circuit.tunnel_profile not in scope.entries("tunnel_profiles"):
            continue
        for end in circuit.ends.both:
            if end not in scope.records.carrier_networks:
                continue
            other, profile = first.setdefault(end, (id_, str(circuit.tunnel_profile)))
            if profile != circuit.tunnel_profile:
                found = f"`{circuit.tunnel_profile}` where `{other}` into `{end}` has `{profile}`"
                yield scope.problem(f"circuits.{id_}.tunnel_profile", found, f"`{profile}` at both ends")


def proposals_have_a_known_overhead(scope: Scope) -> Iterator[Problem]:
    """MTU and MSS are derived from the ESP proposal, so it is one whose bytes are known (RFC 4106, RFC 7634)."""
    for id_, profile in scope.records.encryption.tunnel_profiles.items():
        if not _KNOWN_ESP.fullmatch(profile.esp_proposal):
            path = f"encryption.tunnel_profiles.{id_}.esp_proposal"
            found = f"`{profile.esp_proposal}` has an overhead that is not known here"
            yield scope.problem(
                path, found, "AES-GCM with a 16-byte tag or ChaCha20-Poly1305, such as aes256gcm16-ecp384"
            )
