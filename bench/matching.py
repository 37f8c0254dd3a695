"""
Top 10 for one request: ours against the loop that several peers run, a geodesic distance for every volunteer.

Both apply the same gates and the same fit and read rows in as few queries; the rival looks at the whole city.
"""

import sys

from bench._house import NOW, a_city, median_seconds, report, set_up


def main(*, quick: bool) -> None:
    set_up()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import VolunteerProfile
    from matching import gates, loading, scoring, suggestions
    from matching.models import HelpRequest
    from places.models import ExactAddress
    from tests.people import a_person, a_request

    lines = []
    size = 600 if quick else 3000
    homes = a_city(size, quarters=13)
    request = HelpRequest.objects.for_cards().get(pk=a_request(a_person("Ada", homes[0])).pk)

    def ours() -> list:
        return [one.volunteer.pk for one in suggestions.suggestions(request, now=NOW, limit=10)]

    def geodesic_loop() -> list:
        from geopy.distance import geodesic

        zone = loading.zone_of(request.quarter)
        facts = loading.request_facts(request, now=NOW)
        points = {p.place_id: (p.lat, p.lon) for p in ExactAddress.objects.all()}
        homes_of = dict(VolunteerProfile.objects.values_list("user_id", "user__place_id"))
        found = []
        for one in loading.volunteer_facts(VolunteerProfile.objects.all(), now=NOW):
            km = geodesic(points[request.place_id], points[homes_of[one.id]]).km
            if km <= one.radius_km and not gates.failed(facts, one, today=NOW.date(), zone=zone):
                parts = scoring.parts(facts, one, now=NOW, zone=zone)
                found.append((scoring.total(parts, {}), one.id))
        return [pk for _score, pk in sorted(found, key=lambda row: (-row[0], str(row[1])))[:10]]

    mine = median_seconds(ours, times=5)
    rival = median_seconds(geodesic_loop, times=2 if quick else 3)
    lines.append((f"topk.{size}.milliseconds", mine * 1000, "ms", "-"))
    lines.append((f"topk.{size}.vs_geodesic_loop", rival / mine, "times faster", "geodesic loop over every volunteer"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ours()
    lines.append((f"topk.{size}.queries", len(asked), "queries", "-"))
    report("matching", lines)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
