"""What a desk remembers of the ways its files go: carriers by recipient, and parcels that were handed on."""

from __future__ import annotations

from collections.abc import Sequence

from safeconduct.desk.voice import Voice, pinned
from safeconduct.store.contract import Batch


def remember_route(voice: Voice, to: str, via: Sequence[str]) -> None:
    """
    From now on bundles for *to* go by these carriers, where nothing else is said.

    Raises:
        InvalidInput: The card of one of them is not trusted.
    """
    for each in via:
        voice.card(each)
    voice.store.commit((Batch((pinned(f"via/{to}", list(via)),)),))


def route_to(voice: Voice, to: str) -> tuple[str, ...]:
    """The carriers remembered for a recipient, in order; none: straight to it."""
    return tuple(voice.pin(f"via/{to}") or ())


def handed_on(voice: Voice, parcel: str) -> None:
    """Remember that a parcel taken over for others was handed on; it stays here and may be handed on again."""
    key = next((each for each in voice.store.keys("parcel") if each.endswith(parcel)), parcel)
    voice.store.commit((Batch((pinned(f"passed/{key}", voice.at.isoformat()),)),))


def to_hand_on(voice: Voice) -> tuple[str, ...]:
    """Ids of parcels that were taken over for others and not handed on yet."""
    return tuple(each for each in voice.store.keys("parcel") if voice.pin(f"passed/{each}") is None)
