"""What must be true of what registers say of a vehicle, of its customs papers, and of the plates and permit for it?"""

from __future__ import annotations

from app.domain.procedures.condition import condition
from app.domain.procedures.facts import CaseFacts


@condition
def nothing_reported(facts: CaseFacts) -> bool:
    """No register says anything against the vehicle (PRD art. 73 ust. 1e; CZYNN zał. 1 § 1 ust. 6)."""
    return not facts.vehicle_reported


@condition
def nothing_reported_before_registration(facts: CaseFacts) -> bool:
    """No register says anything against the vehicle, or its registration is decided (PRD art. 73 ust. 1e)."""
    return facts.registration_decided or not facts.vehicle_reported


@condition
def customs_papers_here(facts: CaseFacts) -> bool:
    """The customs or excise document that the case needs is here, was compared and agrees."""
    return facts.papers_to_come == 0


@condition
def customs_papers_here_or_later(facts: CaseFacts) -> bool:
    """It is, or the vehicle is registered conditionally (PRD art. 74)."""
    return facts.conditional or facts.papers_to_come == 0


@condition
def registered_conditionally(facts: CaseFacts) -> bool:
    """The vehicle is registered conditionally."""
    return facts.conditional


@condition
def plates_out(facts: CaseFacts) -> bool:
    """The plates that were given with the temporary permit are with their owner."""
    return facts.plates_out > 0


@condition
def plates_asked_back(facts: CaseFacts) -> bool:
    """No plates given in this case are with their owner, or they were asked back (PRD art. 74 ust. 5)."""
    return facts.plates_out == 0 or facts.plates_asked


@condition
def plates_asked_in_vain(facts: CaseFacts) -> bool:
    """The plates were asked for, and did not come within the term (CZYNN zał. 1 § 1 ust. 8)."""
    return facts.plates_asked_in_vain


@condition
def no_permit_prepared(facts: CaseFacts) -> bool:
    """No temporary permit is prepared: who keeps the number drives with the old certificate (PRD art. 74 ust. 2d)."""
    return not facts.permit_prepared


@condition
def tax_authority_named(facts: CaseFacts) -> bool:
    """It is known which tax or customs authority is told."""
    return facts.tax_authority_named
