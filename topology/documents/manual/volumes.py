"""The volumes of an estate's operation manual, in the order in which the estate lists them."""

from __future__ import annotations

from collections.abc import Callable

from inventory.models.estate import Estate
from topology.documents.manual.common import common
from topology.documents.manual.helpdesk import helpdesk
from topology.documents.manual.maintenance import maintenance
from topology.documents.manual.operation import operation
from topology.documents.manual.prose import Chapter, Volume
from topology.draw.words import Language
from topology.model import Network

NAME = "operation-manual"
TITLES: dict[Language, str] = {"ja": "運用管理マニュアル", "en": "Operation manual"}
CHAPTERS: dict[str, Callable[[Estate, Network, Language], tuple[Chapter, ...]]] = {
    "common": common, "operation": operation, "maintenance": maintenance, "helpdesk": helpdesk,
}  # fmt: skip
"""Who writes the chapters of a volume, by the volume's id."""


def volumes(estate: Estate, network: Network, language: Language) -> tuple[Volume, ...]:
    """Return the volumes that the estate lists and that can be written; all four where it lists none."""
    listed = estate.records.manual_volumes
    wanted = [id_ for id_ in listed if id_ in CHAPTERS] or list(CHAPTERS)
    found = []
    for number, id_ in enumerate(wanted, 1):
        own = listed[id_].label(language) if id_ in listed else _PLAIN[id_][0 if language == "ja" else 1]
        title = f"{TITLES[language]} {own}" if language == "ja" else f"{TITLES[language]}: {own}"
        found.append(Volume(f"{NAME}-{id_}", title, number, CHAPTERS[id_](estate, network, language)))
    return tuple(found)


_PLAIN = {
    "common": ("共通編", "common part"), "operation": ("運用編", "operation"),
    "maintenance": ("維持管理編", "maintenance"), "helpdesk": ("ヘルプデスク編", "helpdesk"),
}  # fmt: skip
