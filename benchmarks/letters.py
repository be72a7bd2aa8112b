"""How long does the office's program take for a letter as PDF?"""

from __future__ import annotations

import datetime as dt

from app.letters.receipt import Office, PrintedMember, PrintedSeal, ReceiptPrintout, print_receipt
from benchmarks.measure import Report, in_turns

BOUND_MS = 20.0
_AT = dt.datetime(2026, 11, 3, 11, 0, tzinfo=dt.UTC)


def measure_letters(report: Report, *, repetitions: int) -> None:
    """Measure the printout of a receipt, the one letter that every package gets."""
    printout = ReceiptPrintout(
        office=Office(
            "Urząd Miasta Częstochowy",
            "Wydział Komunikacji",
            ("ul. Waszyngtona 5", "42-217 Częstochowa", "34 370 00 00"),
        ),
        number="UPO/128/2026",
        sender="Świętosława Brzozowska-Źrebińska",
        delivered_at=_AT,
        created_at=_AT,
        document="P-2026-00128",
        package_name="wniosek.asice",
        package_sha256="ab" * 32,
        members=tuple(PrintedMember(f"{place:02}-dokument.jpg", 40_000 * place, "cd" * 32) for place in range(1, 6)),
        seal=PrintedSeal("Urząd Miasta Częstochowy", "Centrum Certyfikacji", "1234567890", _AT),
        check_address="http://127.0.0.1:8080/sprawdz",
    )
    taken = in_turns({"letter": lambda: print_receipt(printout)}, repetitions=repetitions, budget=10)["letter"]
    report.add("letters/receipt", "milliseconds", taken, BOUND_MS, taken)
