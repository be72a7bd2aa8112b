"""Which documents does a case need? Rules as data: a table for registration, a file of grounds for deregistration.

Law: PRD art. 72, 79; REJ (Dz.U. 2024 poz. 1709) §§ 2–5, 14, 19, 23; KPA art. 33. The grounds stand in
`data/deregistration-grounds.csv`.
"""

from __future__ import annotations

import csv
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from app.domain.procedures.editions import EDITIONS, SEKAP
from app.domain.procedures.stages import ProcedureName
from app.domain.vehicles import PlateKind, VehicleClass


class DocumentKind(enum.StrEnum):
    """What a document, plate or proof is. Form documents list their attachments by these codes."""

    APPLICATION = "APPLICATION"
    OWNERSHIP = "OWNERSHIP"
    REG_CERT = "REG_CERT"
    VEHICLE_CARD = "VEHICLE_CARD"
    PLATES = "PLATES"
    EXTRA_PLATE = "EXTRA_PLATE"
    PLATES_STATEMENT = "PLATES_STATEMENT"
    LOSS_STATEMENT = "LOSS_STATEMENT"
    TEMPORARY_WITHDRAWAL = "TEMPORARY_WITHDRAWAL"
    CONFORMITY = "CONFORMITY"
    INSPECTION = "INSPECTION"
    CUSTOMS = "CUSTOMS"
    EXCISE = "EXCISE"
    EU_DATE = "EU_DATE"
    TRANSLATION = "TRANSLATION"
    HISTORIC = "HISTORIC"
    SAM = "SAM"
    ID_NUMBER = "ID_NUMBER"
    PROXY = "PROXY"
    STAMP_DUTY = "STAMP_DUTY"
    FEE_PROOF = "FEE_PROOF"
    OC_POLICY = "OC_POLICY"
    TEMPORARY_PERMIT = "TEMPORARY_PERMIT"
    DISMANTLING_CERTIFICATE = "DISMANTLING_CERTIFICATE"
    THEFT_STATEMENT = "THEFT_STATEMENT"
    FOREIGN_SALE_PROOF = "FOREIGN_SALE_PROOF"
    FOREIGN_SALE_STATEMENT = "FOREIGN_SALE_STATEMENT"
    FOREIGN_REGISTRATION_COPY = "FOREIGN_REGISTRATION_COPY"
    FOREIGN_SCRAPPING_PROOF = "FOREIGN_SCRAPPING_PROOF"
    LOSS_PROOF = "LOSS_PROOF"
    MUNICIPAL_FEE_PROOF = "MUNICIPAL_FEE_PROOF"
    INCOMPLETE_VEHICLE_CERTIFICATE = "INCOMPLETE_VEHICLE_CERTIFICATE"
    MARKET_WITHDRAWAL_PROOF = "MARKET_WITHDRAWAL_PROOF"
    OFFICE_INFORMATION = "OFFICE_INFORMATION"
    OTHER = "OTHER"


COPIES_SUFFICE = frozenset(
    {
        DocumentKind.APPLICATION,
        DocumentKind.FEE_PROOF,
        DocumentKind.STAMP_DUTY,
        DocumentKind.MUNICIPAL_FEE_PROOF,
        DocumentKind.FOREIGN_REGISTRATION_COPY,
        DocumentKind.THEFT_STATEMENT,
        DocumentKind.LOSS_STATEMENT,
        DocumentKind.PLATES_STATEMENT,
        DocumentKind.FOREIGN_SALE_STATEMENT,
        DocumentKind.EU_DATE,
        DocumentKind.OFFICE_INFORMATION,
    }
)
"""Their electronic form is enough: signed statements, transfers, and what the law asks for as a copy."""


LATER_PAPERS = frozenset({DocumentKind.CUSTOMS, DocumentKind.EXCISE})
"""A vehicle can be registered conditionally, before its owner has them (PRD art. 74)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What the form says, as far as the rules ask. The defaults are those of a used car bought in Poland."""

    origin: str = "used-poland"
    """new, used-poland, used-eu, third-country, self-built, historic, confiscated or services."""
    owner_changed: bool = True
    """Else only the owner's address has changed, as they state (PRD art. 72 ust. 2 pkt 1a)."""
    was_registered: bool = True
    passenger_car: bool = True
    vehicle_class: VehicleClass = VehicleClass.CAR
    import_date_known: bool = True
    by_proxy: bool = False
    proxy_is_family: bool = False
    """Spouse, ascendant, descendant, sibling: no stamp duty."""
    certificate_lost: bool = False
    plates_lost: bool = False
    without_plates: bool = False
    """Imported without plates, or they had to go back abroad."""
    extra_plate: bool = False
    """One for a bicycle rack was issued with the number that the vehicle has."""
    extra_plate_lost: bool = False
    extra_plate_wished: bool = False
    """A new one for a bicycle rack: at first what was wished for, then what the clerk chose."""
    electronic_invoice: bool = False
    """The proof of ownership is an electronic invoice, as a clerk determined: there is no original of it."""
    temporarily_withdrawn: bool = False
    number_given: bool = False
    """The identification number was given by an office or stamped anew."""
    ground: str = ""
    """Code of the ground of a deregistration."""
    individual_text: str = ""
    """The owner's own text, as it was wished for."""
    reduced_plates: bool = False
    reduced_space_declared: bool = False
    keep_number: bool = False
    """The present number, as it was wished for; whether it is kept, a clerk determines."""
    plate_kind: PlateKind = PlateKind.ORDINARY
    """What the vehicle gets: at first what was wished for. Ordinary ones of a motorcycle are ordinary, too."""
    post_wished: bool = False
    """What the office issues is to come by post, at the applicant's own cost."""
    post_address: str = ""
    """Where to, in lines; empty: to the party's own address."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A document that a case needs: by which law, whether its `original` must come, and whether only `if_issued`."""

    kind: DocumentKind
    law: str
    original: bool
    if_issued: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    kind: DocumentKind
    when: Callable[[Answers], bool]
    law: str
    editions: tuple[str, ...] = EDITIONS
    if_issued: bool = False


IMPORTED = frozenset({"used-eu", "third-country"})
"""Origins of a vehicle that was registered abroad: its number follows no rule of ours."""
_WITHOUT_CERTIFICATE = frozenset({"confiscated", "services"})


def _imported(answers: Answers) -> bool:
    return answers.origin in IMPORTED


def _always(_: Answers) -> bool:
    return True


_K = DocumentKind
# fmt: off
_COMMON = (
    _Rule(_K.PROXY,  lambda a: a.by_proxy,                               "KPA art. 33 § 3"),
    _Rule(_K.STAMP_DUTY,         lambda a: a.by_proxy and not a.proxy_is_family,     "UOS zał. cz. IV"),
    _Rule(_K.LOSS_STATEMENT,     lambda a: a.certificate_lost or a.plates_lost or a.extra_plate_lost,
                                                                                     "REJ § 19 ust. 4"),
    _Rule(_K.EXTRA_PLATE,        lambda a: a.extra_plate and not a.extra_plate_lost, "REJ § 2 ust. 1 pkt 5"),
)
_REGISTRATION = (
    _Rule(_K.OWNERSHIP,          lambda a: a.owner_changed,                          "PRD art. 72 ust. 1 pkt 1"),
    _Rule(_K.VEHICLE_CARD,       lambda a: a.origin != "new" and not _imported(a),   "PRD art. 72 ust. 1 pkt 2",
          editions=(SEKAP,), if_issued=True),
    _Rule(_K.CONFORMITY,         lambda a: a.origin == "new",                        "PRD art. 72 ust. 1 pkt 3"),
    _Rule(_K.INSPECTION,         lambda a: a.origin != "new",                        "PRD art. 72 ust. 1 pkt 4"),
    # Bought after a forfeiture, or from the services, it comes without one (PRD art. 72 ust. 2 pkt 2, 3).
    _Rule(_K.REG_CERT,
                                 lambda a: a.was_registered and a.origin not in _WITHOUT_CERTIFICATE
                                 and not a.certificate_lost and not a.temporarily_withdrawn,
                                                                                     "PRD art. 72 ust. 1 pkt 5"),
    _Rule(_K.TEMPORARY_WITHDRAWAL,
                                 lambda a: a.temporarily_withdrawn,                  "PRD art. 72 ust. 2 pkt 5"),
    _Rule(_K.CUSTOMS,            lambda a: a.origin == "third-country",              "PRD art. 72 ust. 1 pkt 6"),
    _Rule(_K.EXCISE,             lambda a: a.origin == "used-eu" and a.passenger_car, "PRD art. 72 ust. 1 pkt 6a"),
    _Rule(_K.PLATES,             lambda a: a.was_registered and not a.plates_lost and not a.without_plates,
                                                                                     "REJ § 2 ust. 1"),
    _Rule(_K.PLATES_STATEMENT,   lambda a: a.was_registered and a.without_plates,    "REJ § 2 ust. 1"),
    _Rule(_K.HISTORIC,           lambda a: a.origin == "historic",                   "REJ § 2 ust. 7"),
    _Rule(_K.SAM,         lambda a: a.origin == "self-built",                 "REJ § 2 ust. 8"),
    _Rule(_K.ID_NUMBER,          lambda a: a.number_given,                           "REJ § 2 ust. 9"),
    _Rule(_K.EU_DATE,        lambda a: a.origin == "used-eu" and not a.import_date_known,
                                                                                     "REJ § 4 ust. 6"),
    _Rule(_K.TRANSLATION,        _imported,                                          "REJ § 5", if_issued=True),
    *_COMMON,
    _Rule(_K.FEE_PROOF,          _always,                                            "REJ § 23"),
)
_DEREGISTRATION = (
    _Rule(_K.TEMPORARY_WITHDRAWAL,
                                 lambda a: a.temporarily_withdrawn,                  "REJ § 19 ust. 2"),
    *_COMMON,
    _Rule(_K.FEE_PROOF,          _always,                                            "REJ § 23", if_issued=True),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground of deregistration (PRD art. 79): which documents prove it, and what has to be surrendered for it.

    `code` stands in form documents; `name` is the same in English. `certificate` is `yes`, `no` or `optional` (it may
    be abroad). `certificate_returns`: the invalidated certificate goes back to the owner. `ex_officio`: the office acts
    on it by itself; nobody applies for it.
    """

    code: str
    name: str
    law: str
    documents: tuple[DocumentKind, ...]
    plates: bool
    certificate: str
    certificate_returns: bool
    ex_officio: bool


@cache
def grounds() -> Mapping[str, Ground]:
    """Return the grounds of deregistration by code, in the order of the law."""
    text = (resources.files("app.domain") / "data" / "deregistration-grounds.csv").read_text(encoding="utf-8")
    return {
        row["code"]: Ground(
            code=row["code"],
            name=row["name"],
            law=row["law"],
            documents=tuple(DocumentKind(kind) for kind in row["documents"].split()),
            plates=row["plates"] == "yes",
            certificate=row["certificate"],
            certificate_returns=row["certificate_returns"] == "yes",
            ex_officio=row["ex_officio"] == "yes",
        )
        for row in csv.DictReader(text.splitlines())
    }


def ground_of(code: str) -> Ground | None:
    """Return the ground whose code or name is `code`, in any case; `None` when there is none."""
    written = code.strip().upper()
    return next((one for one in grounds().values() if written in {one.code, one.name.upper()}), None)


def is_ex_officio(code: str) -> bool:
    """Return whether the office deregisters on the ground `code` by itself (PRD art. 79 ust. 3, 3a, 3b)."""
    found = ground_of(code)
    return found is not None and found.ex_officio


def required_documents(procedure: ProcedureName, edition: str, answers: Answers) -> tuple[Requirement, ...]:
    """Return what a case of `procedure` under `edition` needs, in the order in which a clerk looks at it.

    Nothing for a case that is not described yet; of a ground that the office acts on by itself only the information
    that it acts upon, and nothing of an owner. An unknown ground asks for what every ground asks for, until a clerk
    says which it is.
    """
    if procedure is ProcedureName.REGISTRATION:
        return _by_rules(_REGISTRATION, edition, answers)
    if procedure is ProcedureName.DEREGISTRATION:
        return _for_ground(ground_of(answers.ground), edition, answers)
    return ()


def _for_ground(ground: Ground | None, edition: str, answers: Answers) -> tuple[Requirement, ...]:
    if ground is None:
        surrendered = _surrendered("yes", plates=True, edition=edition, answers=answers)
        return (*surrendered, *_by_rules(_DEREGISTRATION, edition, answers))
    if ground.ex_officio:
        return (Requirement(_K.OFFICE_INFORMATION, ground.law, original=False),)
    proofs = tuple(Requirement(kind, ground.law, kind not in COPIES_SUFFICE) for kind in ground.documents)
    surrendered = _surrendered(ground.certificate, plates=ground.plates, edition=edition, answers=answers)
    return (*proofs, *surrendered, *_by_rules(_DEREGISTRATION, edition, answers))


def _surrendered(certificate: str, *, plates: bool, edition: str, answers: Answers) -> tuple[Requirement, ...]:
    wanted = []
    if certificate != "no":
        optional = certificate == "optional"
        if not (answers.certificate_lost or answers.temporarily_withdrawn):
            wanted.append(Requirement(_K.REG_CERT, "REJ § 19", original=True, if_issued=optional))
        if edition == SEKAP:
            wanted.append(Requirement(_K.VEHICLE_CARD, "REJ § 19", original=True, if_issued=True))
    if plates and not answers.plates_lost:
        wanted.append(Requirement(_K.PLATES, "REJ § 19", original=True))
    return tuple(wanted)


def _has_original(kind: DocumentKind, answers: Answers) -> bool:
    return kind not in COPIES_SUFFICE and not (kind is _K.OWNERSHIP and answers.electronic_invoice)


def _by_rules(rules: tuple[_Rule, ...], edition: str, answers: Answers) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(rule.kind, rule.law, _has_original(rule.kind, answers), rule.if_issued)
        for rule in rules
        if edition in rule.editions and rule.when(answers)
    )
