"""Cities, sites and the providers who connect them."""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveInt

from inventory.models.record import Id, Named, Text


class City(Named):
    """A municipality; every load scales from its population and households."""

    population: PositiveInt
    households: PositiveInt


class Site(Named):
    """A building that houses equipment. `city` is the city whose people work there; a data centre has none."""

    kind: Literal["data-centre", "hall", "network-building"]
    city: Id | None = None


class Provider(Named):
    """A carrier, or a city for lines of its own."""

    contact: Text | None = None


class CarrierNetwork(Named):
    """A carrier's closed network between access lines, such as 地域IP網; never the internet."""

    provider: Id
