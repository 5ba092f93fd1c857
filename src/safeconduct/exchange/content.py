"""What a message can be: the sixteen types of EDXL-RM 1.0, and ten extensions inside its conformance level 1."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RM_TYPES = (
    "RequestResource",
    "ResponseToRequestResource",
    "RequisitionResource",
    "CommitResource",
    "RequestInformation",
    "ResponseToRequestInformation",
    "OfferUnsolicitedResource",
    "ReleaseResource",
    "RequestReturn",
    "ResponseToRequestReturn",
    "RequestQuote",
    "ResponseToRequestQuote",
    "RequestResourceDeploymentStatus",
    "ReportResourceDeploymentStatus",
    "RequestExtendedDeploymentDuration",
    "ResponseToRequestExtendedDeploymentDuration",
)
"""The reserved names of OASIS EDXL-RM 1.0 (1 November 2008)."""

LEVEL_1_TYPES = (
    "Acknowledge",
    "ResponseToOfferUnsolicitedResource",
    "NotifyAuxiliaryRecipients",
    "RequestClearance",
    "ResponseToRequestClearance",
    "RevokeClearance",
    "AdhereToTerms",
    "ProposePublicStatement",
    "RespondToPublicStatement",
    "ChannelCheck",
)
"""Our own, under names the standard does not reserve; the first three are names that NIEM 6.0 keeps for them."""

CONTENT_TYPES = RM_TYPES + LEVEL_1_TYPES

STARTS = frozenset({"RequestResource", "OfferUnsolicitedResource"})
"""They begin a thread, so their id is its origin and they answer nothing."""

ANSWERS = frozenset(
    {
        "ResponseToRequestResource",
        "CommitResource",
        "ResponseToRequestInformation",
        "ResponseToRequestReturn",
        "ResponseToRequestQuote",
        "ResponseToRequestExtendedDeploymentDuration",
        "ResponseToOfferUnsolicitedResource",
        "ResponseToRequestClearance",
        "RespondToPublicStatement",
    }
)
"""They name the message they answer, come from one to whom it was addressed, and after that one's receipt for it."""

NEEDS_RESOURCE = frozenset(
    {
        "RequestResource",
        "RequisitionResource",
        "OfferUnsolicitedResource",
        "ReleaseResource",
        "RequestReturn",
        "RequestQuote",
        "RequestResourceDeploymentStatus",
        "RequestExtendedDeploymentDuration",
    }
)
"""Each of their line items says what the resource is (cardinality 1..1 in the schemas of EDXL-RM 1.0)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEDULES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "RequestResource": _words(
            "EstimatedReturnArrival EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture Route"
        ),
        "ResponseToRequestResource": _words(
            "BeginAvailable EndAvailable EstimatedArrival EstimatedDeparture EstimatedReturnDeparture ReportTo "
            "RequestedArrival RequestedDeparture RequestedReturnArrival RequestedReturnDeparture Route"
        ),
        "RequisitionResource": _words(
            "EstimatedArrival EstimatedDeparture EstimatedReturnArrival EstimatedReturnDeparture ReportTo "
            "RequestedArrival RequestedDeparture Route"
        ),
        "CommitResource": _words(
            "ActualDeparture BeginAvailable Committed Current EndAvailable EstimatedArrival EstimatedDeparture "
            "EstimatedReturnArrival EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture "
            "RequestedReturnArrival RequestedReturnDeparture Route"
        ),
        "OfferUnsolicitedResource": _words(
            "BeginAvailable EndAvailable EstimatedArrival EstimatedDeparture RequestedReturnArrival "
            "RequestedReturnDeparture Route"
        ),
        "ReleaseResource": _words(
            "ActualArrival ActualDeparture ActualReturnDeparture BeginAvailable Committed Current EndAvailable "
            "EstimatedArrival EstimatedDeparture EstimatedReturnArrival EstimatedReturnDeparture ReportTo "
            "RequestedArrival RequestedDeparture RequestedReturnArrival RequestedReturnDeparture Route"
        ),
        "RequestReturn": _words(
            "ActualArrival ActualDeparture BeginAvailable Committed EndAvailable EstimatedArrival "
            "EstimatedDeparture ReportTo RequestedArrival RequestedDeparture RequestedReturnArrival "
            "RequestedReturnDeparture Route"
        ),
        "ResponseToRequestReturn": _words(
            "ActualArrival ActualDeparture ActualReturnDeparture BeginAvailable Committed Current EndAvailable "
            "EstimatedArrival EstimatedDeparture EstimatedReturnArrival EstimatedReturnDeparture ReportTo "
            "RequestedArrival RequestedDeparture RequestedReturnArrival RequestedReturnDeparture Route"
        ),
        "RequestQuote": _words(
            "EstimatedReturnArrival EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture Route"
        ),
        "ResponseToRequestQuote": _words(
            "BeginAvailable EndAvailable EstimatedArrival EstimatedDeparture EstimatedReturnArrival "
            "EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture RequestedReturnArrival "
            "RequestedReturnDeparture Route"
        ),
        "RequestResourceDeploymentStatus": _words(
            "ActualArrival ActualDeparture ActualReturnArrival ActualReturnDeparture BeginAvailable Committed "
            "EndAvailable EstimatedArrival EstimatedDeparture EstimatedReturnArrival EstimatedReturnDeparture "
            "ReportTo RequestedArrival RequestedDeparture RequestedReturnArrival RequestedReturnDeparture Route"
        ),
        "ReportResourceDeploymentStatus": _words(
            "ActualArrival ActualDeparture ActualReturnArrival ActualReturnDeparture BeginAvailable Committed "
            "Current EndAvailable EstimatedArrival EstimatedDeparture EstimatedReturnArrival "
            "EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture RequestedReturnArrival "
            "RequestedReturnDeparture Route"
        ),
        "RequestExtendedDeploymentDuration": _words(
            "ActualArrival ActualDeparture Committed EstimatedArrival EstimatedDeparture EstimatedReturnArrival "
            "EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture RequestedReturnArrival "
            "RequestedReturnDeparture Route"
        ),
        "ResponseToRequestExtendedDeploymentDuration": _words(
            "ActualArrival ActualDeparture Committed EndAvailable EstimatedArrival EstimatedDeparture "
            "EstimatedReturnArrival EstimatedReturnDeparture ReportTo RequestedArrival RequestedDeparture "
            "RequestedReturnArrival RequestedReturnDeparture Route"
        ),
    }
)
"""Kinds of schedule entry that a type may carry (its schema); a type that is not listed may carry any."""

SCHEDULE_TYPES = frozenset().union(*SCHEDULES.values())


def distribution_of(content: str) -> str:
    """The distribution type of EDXL-DE under which a type goes: `message.DISTRIBUTION_TYPES`."""
    if content == "Acknowledge":
        return "Ack"
    if content.startswith(("ResponseTo", "RespondTo")):
        return "Response"
    return "Request" if content.startswith("Request") else "Report"
