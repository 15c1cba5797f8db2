import pytest

from iprkit.actions.consents import consents_of, set_consent
from iprkit.actions.history import undo
from iprkit.database.connect import Study
from iprkit.errors import InvalidInput, NotFound


def noted(study: Study) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(one.key, one.party): one.scope for one in consents_of(study, "D01")}


def test_an_interviews_consent_is_its_participants(recalled: Study) -> None:
    set_consent(recalled, "D01-S03-client", ["quotation", "analysis"])
    assert noted(recalled) == {("D01-S03-client", "client"): ("analysis", "quotation")}


def test_in_a_session_each_party_has_a_consent_of_their_own(recalled: Study) -> None:
    set_consent(recalled, "D01-S03", ["analysis", "teaching"], "therapist")
    set_consent(recalled, "D01-S03", [], "C01")
    assert noted(recalled) == {("D01-S03", "client"): (), ("D01-S03", "therapist"): ("analysis", "teaching")}


def test_a_consent_given_anew_takes_the_place_of_the_old_one_and_can_be_undone(recalled: Study) -> None:
    set_consent(recalled, "D01-S03-client", ["analysis"])
    set_consent(recalled, "D01-S03-client", ["archiving"])
    assert noted(recalled) == {("D01-S03-client", "client"): ("archiving",)}
    undo(recalled)
    assert noted(recalled) == {("D01-S03-client", "client"): ("analysis",)}


def test_a_sessions_consent_needs_somebody(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="several people are heard in D01-S03; say whose consent it is"):
        set_consent(recalled, "D01-S03", ["analysis"])


def test_an_unknown_use_or_person_is_refused(recalled: Study) -> None:
    with pytest.raises(InvalidInput, match="'broadcast' is no use of a recording; choose among analysis, quotation"):
        set_consent(recalled, "D01-S03-client", ["broadcast"])
    with pytest.raises(NotFound, match="'C07' takes no part in D01"):
        set_consent(recalled, "D01-S03", ["analysis"], "C07")


def test_a_dyad_of_which_nothing_is_noted_has_no_consents(recalled: Study) -> None:
    assert noted(recalled) == {}
