"""
What a model says about the personal data it holds.

Every model of ours carries `privacy = ...`; a test fails for one without. Rows of models with a deletion rule carry
`delete_on`, a day on which the retention job removes them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Privacy:
    """
    Owner, reason and end of the data in one model.

    `owner`: whose data it is ("resident", "volunteer", ...), or "nobody" for a table without personal data.
    `data_class`: P0 to P4 of the threat model. `reason`: why we keep it. `until`: the rule for its deletion in words.
    """

    owner: str
    data_class: str
    reason: str
    until: str


NOT_PERSONAL = Privacy(owner="nobody", data_class="P4", reason="settings of the service", until="as long as used")
