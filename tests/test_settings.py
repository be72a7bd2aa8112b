"""Whether each variable of the environment sets what its name says, and nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from config import MIB, Settings, from_environment

EACH = {
    "MAX_BODY_MIB": ("7", "max_body", 7 * MIB),
    "MAX_PACKAGE_MIB": ("7", "max_package", 7 * MIB),
    "MAX_UNPACKED_MIB": ("7", "max_unpacked", 7 * MIB),
    "MAX_FILES": ("7", "max_files", 7),
    "MAX_RATIO": ("7", "max_ratio", 7),
    "MAX_XML_MIB": ("7", "max_xml", 7 * MIB),
    "MAX_MEGAPIXELS": ("7", "max_pixels", 7_000_000),
    "DISK_RESERVE_MIB": ("7", "disk_reserve", 7 * MIB),
    "PROXY_HOPS": ("2", "proxy_hops", 2),
    "HOST": ("192.0.2.1", "host", "192.0.2.1"),
    "PUBLIC_URL": ("https://okienko.example/", "public_url", "https://okienko.example"),
    "TRUSTED_HOSTS": ("a.example, b.example", "trusted_hosts", ("a.example", "b.example")),
    "METRICS_NETWORKS": ("192.0.2.0/24", "metrics_networks", ("192.0.2.0/24",)),
    "OCSP_HOSTS": ("ocsp.example:8080, x.example", "ocsp_hosts", ("ocsp.example:8080", "x.example")),
    "CRL_HOSTS": ("crl.example", "crl_hosts", ("crl.example",)),
    "CLAMD": ("127.0.0.1:3310", "clamd", "127.0.0.1:3310"),
    "EDITIONS": ("law", "editions", "law"),
    "REQUIRE_TOTP": ("1", "require_totp", True),
    "DEMO": ("0", "demo", False),
    "SECRET_KEY_FALLBACKS": ("old, older", "secret_key_fallbacks", ("old", "older")),
    "STORE_URL": ("s3://akta/x", "store_url", "s3://akta/x"),
    "MAIL_URL": ("smtp://poczta.example", "mail_url", "smtp://poczta.example"),
    "DATABASE_URL": ("postgresql://u@h/n", "database_url", "postgresql+psycopg://u@h/n"),
    "OFFICE_UNIT": ("WK", "office.unit", "WK"),
    "OFFICE_CASE_CLASS": ("5411", "office.case_class", "5411"),
    "OFFICE_NAME": ("Urząd Testowy", "office.name", "Urząd Testowy"),
}


def flat(settings: Settings) -> dict[str, object]:
    """Every setting by its name, those of the office behind a dot."""
    values = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    office = values.pop("office")
    return values | {f"office.{field.name}": getattr(office, field.name) for field in dataclasses.fields(office)}


@pytest.mark.parametrize("name", EACH)
def test_a_variable_sets_what_it_names_and_nothing_else(name: str, tmp_path: Path) -> None:
    text, field, value = EACH[name]
    basis = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k" * 40, "DATA_KEYS": "k1:x"}
    before = flat(from_environment(basis))

    after = flat(from_environment({**basis, name: text}))

    assert {key: found for key, found in after.items() if found != before[key]} == {field: value}
