"""Which regions lie in Québec and in Canada.

AWS: ca-central-1 is Montréal, ca-west-1 Calgary. Azure: canadaeast is Québec City, canadacentral Toronto. For any other
service the person who sets it up says where it is. Before personal information leaves Québec, s. 17 of the Act
respecting the protection of personal information in the private sector asks for a privacy impact assessment.
"""

from __future__ import annotations

from typing import Final

from app.storage.vocabulary import Place, StorageProvider

DEFAULT_REGION: Final = {StorageProvider.S3: "ca-central-1", StorageProvider.AZURE: "canadaeast"}
_KNOWN: Final = {
    (StorageProvider.S3, "ca-central-1"): Place.QUEBEC,
    (StorageProvider.S3, "ca-west-1"): Place.CANADA,
    (StorageProvider.AZURE, "canadaeast"): Place.QUEBEC,
    (StorageProvider.AZURE, "canadacentral"): Place.CANADA,
}


def place_of(provider: StorageProvider, region: str, said: Place | None) -> Place:
    """Where a region is; of a service that is not known here, what was said, and elsewhere when nothing was."""
    if provider is StorageProvider.COMPATIBLE:
        return said or Place.ELSEWHERE
    return _KNOWN.get((provider, region), Place.ELSEWHERE)
