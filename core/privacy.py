"""
What a model says about the personal data it holds.

Every model of ours carries `privacy = ...`; tests/config/test_declarations.py fails for one without. The copy a person
gets of their data, what goes on their wish and the register of processing are all read from here
(config/data_protection). Rows of models with a deletion rule carry `delete_on`, the day the retention job removes them.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Privacy:
    """
    Owner, reason and end of the data in one model.

    `owner`: whose data it is ("resident", "volunteer", ...), or "nobody" for a table without personal data.
    `data_class`: P0 to P4 of the threat model. `reason`: why we keep it. `until`: the rule for its deletion in words.
    `of`: lookups from a row to the people it speaks of, as in filter(); each of them gets it in the copy of their data.
    `leaves_out`: fields that are in no copy (secrets, words of others, machinery). `kept_back`: why the whole model is
    in none, "" where it is. `hides`: relations; rows that have one of them are in no copy. `stays`: what is left after
    somebody's wish to be erased and why, "" where nothing is.
    """

    owner: str
    data_class: str
    reason: str
    until: str
    of: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()
    kept_back: str = ""
    hides: tuple[str, ...] = ()
    stays: str = ""

    @property
    def is_personal(self) -> bool:
        return self.owner != "nobody" and self.data_class != "P4"


NOT_PERSONAL = Privacy(owner="nobody", data_class="P4", reason="settings of the service", until="as long as used")
