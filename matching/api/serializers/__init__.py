"""What leaves the house about requests, matches, rounds and appointments; who sees what is decided in `sights`."""

from matching.api.serializers.arranging import AppointmentOut, CheckInOut, FeedOut, HoursOut, SeriesOut
from matching.api.serializers.matches import AddressOut, MatchOut
from matching.api.serializers.requests import OpenRequestOut, RequestOut
from matching.api.serializers.rounds import RoundOut
from matching.api.serializers.weights import TrialOut, WeighingOut, WeightsOut
from matching.api.serializers.why import SuggestionOut, WhyNotOut

__all__ = [
    "AddressOut",
    "AppointmentOut",
    "CheckInOut",
    "FeedOut",
    "HoursOut",
    "MatchOut",
    "OpenRequestOut",
    "RequestOut",
    "RoundOut",
    "SeriesOut",
    "SuggestionOut",
    "TrialOut",
    "WeighingOut",
    "WeightsOut",
    "WhyNotOut",
]
