"""Steps of trust: what each means, how long it holds, and which kinds of help need which. Read here alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import GateMatrix, PledgeText, Skill, Step, Vetting
from accounts.pledge import BUILT_IN as PLEDGE

# The steps of a grown-up, in the order in which they are taken; the parents' yes comes with `youth`.
STEPS = (
    Step.TALK, Step.PLEDGE, Step.IDENTITY, Step.REFERENCE, Step.CERTIFICATE, Step.TREFF, Step.TRIAL, Step.TANDEM,
)  # fmt: skip
MEANS = {
    Step.TALK: _("Jemand vom Quartiersbüro hat in Ruhe mit der Person gesprochen."),
    Step.PLEDGE: _("Die Person hat unterschrieben: Was ich höre und sehe, erzähle ich nicht weiter."),
    Step.IDENTITY: _("Jemand vom Büro hat den Ausweis angesehen. Es gibt keine Kopie."),
    Step.REFERENCE: _("Jemand, der die Person gut kennt, hat Gutes gesagt."),
    Step.CERTIFICATE: _("Jemand vom Büro hat das Führungszeugnis gelesen. Es gibt keine Kopie."),
    Step.TREFF: _("Das erste Treffen war im Treff, nicht in einer Wohnung."),
    Step.TRIAL: _("Die ersten Male gingen gut, das Büro hat nachgefragt."),
    Step.TANDEM: _("Die Person hilft einem Menschen regelmäßig und verlässlich."),
    Step.PARENTS: _("Die Eltern haben schriftlich Ja gesagt."),
}
MONTHS: dict[str, int] = {
    Step.PLEDGE: 12,
    Step.CERTIFICATE: 60,
}  # field-germany.md, B11 and B43; the others hold without end
RENEW_DAYS: dict[str, int] = {Step.PLEDGE: 30, Step.CERTIFICATE: 90}
CERTIFICATE_FRESH_DAYS = 92  # three months old at most when it is shown (B11)


@dataclass(frozen=True)
class Matrix:
    """One version of the gate matrix, as `GateMatrix` describes it; `number` 0 is the built-in one."""

    number: int = 0
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=lambda: dict(MONTHS))
    renew_days: Mapping[str, int] = field(default_factory=lambda: dict(RENEW_DAYS))

    def needs(self, kind: Skill) -> frozenset[str]:
        """The steps a helper must have taken for this kind of help."""
        return self.groups.get(kind.group, frozenset()) | self.further(kind)

    def further(self, kind: Skill) -> frozenset[str]:
        """What this kind of help needs besides its group."""
        return self.kinds.get(kind.slug, frozenset({kind.needs} - {Skill.Need.NONE}))

    def needs_of(self, kinds: Iterable[Skill]) -> frozenset[str]:
        return frozenset().union(*(self.needs(kind) for kind in kinds))


def current() -> Matrix:
    """The newest version; without any the built-in one."""
    row = GateMatrix.objects.order_by("-number").first()
    return of_row(row) if row else Matrix()


def of_row(row: GateMatrix) -> Matrix:
    groups, kinds = ({key: frozenset(steps) for key, steps in rows.items()} for rows in (row.groups, row.kinds))
    return Matrix(row.number, groups, kinds, row.months, row.renew_days)


def newest(checks: Iterable[Vetting]) -> dict[str, Vetting]:
    """
    Step -> the check that counts: the newest, a "not suitable" too.

    In the same moment "not suitable" counts: in doubt nobody enters a flat.
    """
    return {check.kind: check for check in sorted(checks, key=lambda one: (one.on, one.noted_at, not one.suitable))}


def holding(checks: Iterable[Vetting]) -> dict[str, date | None]:
    """Step -> its last good day (None: without end)."""
    return {kind: check.valid_until for kind, check in newest(checks).items() if check.suitable}


OPEN, HOLDS, RENEW, OVER, UNFIT = "open", "holds", "renew", "over", "unfit"


def standing(check: Vetting | None, *, today: date, matrix: Matrix) -> str:
    """How one step stands: not taken, holds, holds but may be renewed, run out, or taken and found not suitable."""
    if check is None:
        return OPEN
    if not check.suitable:
        return UNFIT
    if check.valid_until is None:
        return HOLDS
    if check.valid_until < today:
        return OVER
    near = today + timedelta(days=matrix.renew_days.get(check.kind, 0))
    return RENEW if check.valid_until <= near else HOLDS


def pledge_text() -> PledgeText:
    """The text to sign today; number 1 comes with the product and is not saved."""
    return PledgeText.objects.order_by("-number").first() or PledgeText(number=1, **PLEDGE)


def keep_until(end: date) -> date:
    """When a check that ended on this day is deleted (setting VETTING_KEPT_DAYS)."""
    return end + timedelta(days=settings.VETTING_KEPT_DAYS)
