"""Who may do what with requests and matches, answered yes or no; templates, pages, API and sockets ask here."""

from collections.abc import Callable, Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts import roles, trust
from accounts.models import Block, Step, User
from core.errors import NotAllowed
from matching import states
from matching.models import Appointment, CheckIn, HelpRequest, Match
from matching.models.visits import CheckInQuerySet

VOLUNTEER_MOVES = ("accept", "decline", "end", "complete")
RESIDENT_MOVES = ("confirm", "refuse", "end", "complete")
WORKER_MOVES = ("release", "reject", "accept", "decline", "confirm", "refuse", "end", "complete")
RESIDENT_ANSWERS = ("confirm", "refuse")
BRINGS_TOGETHER = ("release", "accept", "confirm")  # moves that no block lets pass
RESTS: list[Callable[[Collection[Match]], set[UUID]]] = []  # questions of the floors above, see `resting`
SPOKEN_MOVES = ("accept", "decline", "confirm", "refuse")  # a worker passes on what one of the two said on the phone


def may_enter_requests_for(user: User, resident: User) -> bool:
    """The resident, somebody they trust, or a worker of their quarter."""
    if user.suspended_at or resident.suspended_at:
        return False
    return roles.acts_for(user, resident) or _works_at(user, resident)


def may_change_request(user: User, request: HelpRequest) -> bool:
    return request.state in (states.DRAFT, states.OPEN) and may_enter_requests_for(user, request.resident)


def may_withdraw_request(user: User, request: HelpRequest) -> bool:
    return may_enter_requests_for(user, request.resident) or roles.works_in(user, request.quarter)


def may_see_suggestions(user: User, request: HelpRequest) -> bool:
    return roles.works_in(user, request.quarter)


def may_propose(user: User, request: HelpRequest) -> bool:
    return roles.works_in(user, request.quarter)


def may_review(user: User, match: Match) -> bool:
    """Let a self-offer through to the resident: a worker, and not the volunteer themselves."""
    return match.needs_review and match.state == states.ACCEPTED and _worker_of(user, match)


def may_move(user: User, match: Match, move: str) -> bool:
    """May this person make this move, whatever the state? The table of states says whether it exists now."""
    if user.suspended_at:
        return False
    if move in VOLUNTEER_MOVES and user.pk == match.volunteer_id:
        return True
    if move in RESIDENT_MOVES and user.pk != match.volunteer_id and roles.acts_for(user, match.resident):
        return not match.needs_review
    return move in WORKER_MOVES and _worker_of(user, match) and not (move in RESIDENT_ANSWERS and match.needs_review)


def moves_of(user: User, match: Match) -> list[str]:
    """The moves this person may make now, in the table's order; "clear" first where a worker must look."""
    found = [move for move in states.moves_from(match.state) if may_move(user, match, move)]
    return ["clear", *found] if may_review(user, match) else found


def moves_for_resident(user: User, match: Match) -> list[str]:
    """The moves of somebody who is known to act for the resident: asks no query, so that lists may ask it."""
    if user.suspended_at or user.pk == match.volunteer_id or match.needs_review:
        return []
    return [move for move in states.moves_from(match.state) if move in RESIDENT_MOVES]


def tells_volunteer(match: Match) -> bool:
    """
    Name, text and hours are open to the volunteer: while the pair lives, and of a self-offer once a worker let it pass.

    Otherwise whoever offers themselves everywhere would read what the list keeps back.
    """
    return match.is_live and not match.needs_review


def may_see_address(user: User, match: Match) -> bool:
    """The two of a confirmed match, and nobody else on this way."""
    return (
        match.state == states.CONFIRMED and not user.suspended_at and user.pk in (match.volunteer_id, match.resident_id)
    )


def are_apart(match: Match) -> bool:
    """One of the two wants no contact with the other."""
    two = (match.resident_id, match.volunteer_id)
    return Block.objects.filter(blocker__in=two, blocked__in=two).exists()


def resting(matches: Collection[Match]) -> set[UUID]:
    """Which of these pairs rest from each other now? The floors above know: they put their question into RESTS."""
    return set().union(*(asks(matches) for asks in RESTS))


def must_rest(match: Match) -> bool:
    """Do these two rest from each other now?"""
    return match.pk in resting([match])


def may_arrange(user: User, match: Match) -> bool:
    """
    Propose, agree, take up, move: whoever may call off.

    While the two rest from each other only a worker, on the word of somebody on the phone.
    """
    return may_call_off(user, match) and (not must_rest(match) or _worker_of(user, match))


def may_call_off(user: User, match: Match) -> bool:
    """What is arranged can always be called off: by the two, a trusted person, a worker for somebody on the phone."""
    if match.state != states.CONFIRMED or user.suspended_at:
        return False
    return user.pk == match.volunteer_id or roles.acts_for(user, match.resident) or _worker_of(user, match)


def may_visit(user: User, match: Match) -> bool:
    """Say "Bin da" and "Bin fertig": the volunteer, or a worker who hears it on the telephone."""
    if match.state != states.CONFIRMED or user.suspended_at:
        return False
    return user.pk == match.volunteer_id or _worker_of(user, match)


def may_correct_visit(user: User, visit: Appointment) -> bool:
    """Say anew how long it took, or take it back: whoever said it; a worker also what the volunteer said."""
    match = visit.match
    own = user.pk == match.volunteer_id and visit.finished_by_id in (None, user.pk)
    return may_visit(user, match) and (own or _worker_of(user, match))


def spokesperson(by: User, match: Match, word_of: User | None) -> User:
    """
    Whose word it is: `by` themselves, or the one of the two whom a worker hears on the telephone.

    Raises NotAllowed where somebody else speaks for them.
    """
    if word_of is None or word_of.pk == by.pk:
        return by
    if word_of.pk not in (match.resident_id, match.volunteer_id) or not works_for_pair(by, match):
        raise NotAllowed
    return word_of


def may_print_door_card(user: User, match: Match) -> bool:
    """Whoever may give it to the resident: they themselves, somebody they trust, the office. Never the helper."""
    if match.state != states.CONFIRMED or user.suspended_at or user.pk == match.volunteer_id:
        return False
    return roles.acts_for(user, match.resident) or _worker_of(user, match)


def works_for_pair(user: User, match: Match) -> bool:
    """A worker of the request's quarter, not one of the two, not suspended."""
    return not user.suspended_at and _worker_of(user, match)


def may_answer_check_in(user: User, check_in: CheckIn) -> bool:
    """The person asked, somebody the resident trusts, or a worker on their spoken word."""
    match = check_in.match
    if user.suspended_at:
        return False
    trusted = check_in.person_id == match.resident_id and user.pk != match.volunteer_id
    mine = user.pk == check_in.person_id or (trusted and roles.acts_for(user, match.resident))
    return mine or _worker_of(user, match)


def check_ins_of_worker(user: User) -> CheckInQuerySet:
    """Those of the worker's quarters; of a pair they belong to none, or they would read the other side's answer."""
    rows = CheckIn.objects.filter(match__request__quarter__in=roles.quarters_of(user))
    return rows.exclude(match__resident=user).exclude(match__volunteer=user)


def _worker_of(user: User, match: Match) -> bool:
    """Nobody is the worker of their own pair."""
    return user.pk not in (match.volunteer_id, match.resident_id) and roles.works_in(user, match.request.quarter)


def _works_at(user: User, resident: User) -> bool:
    return resident.quarter is not None and roles.works_in(user, resident.quarter)


def policy_may_release(match: Match) -> bool:
    """
    Routine help may be released by the quarter's policy: never what needs vetting beyond the talk, never a first pair.
    """
    quarter = match.request.quarter
    routine = trust.current().needs_of(match.request.skills.all()) <= {Step.TALK}
    profile = roles.profile_of(match.volunteer)
    known = profile is not None and profile.confirmed_pairs >= quarter.first_pairs_reviewed
    return quarter.releases_routine and routine and known and not is_released_singly(match)


def is_released_singly(match: Match) -> bool:
    """A new helper: until so many of their visits went well, each release is looked at by itself."""
    fewest = match.request.quarter.first_visits_single
    if not fewest:
        return False
    bad = CheckIn.objects.filter(match=OuterRef("match"), was_fine=False)
    done = Appointment.objects.filter(
        ~Exists(bad), match__volunteer=match.volunteer_id, state=states.DONE_VISIT, finished_at__isnull=False
    )
    return done[:fewest].count() < fewest
