"""Which settings the program has, read from the environment once; nothing else reads the environment."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent
MIB = 2**20


class SettingsError(Exception):
    """A setting is missing or makes no sense. The text says which and what to do."""


@dataclass(frozen=True, slots=True)
class OfficeIdentity:
    """The office as letters and receipts name it."""

    name: str = "Urząd Miasta Częstochowy"
    authority: str = "Prezydent Miasta Częstochowy"
    appeal_authority: str = (
        "Samorządowe Kolegium Odwoławcze w Częstochowie; al. Niepodległości 20/22; 42-200 Częstochowa"
    )
    department: str = "Wydział Komunikacji"
    street: str = "ul. Waszyngtona 5"
    postal_code: str = "42-217"
    city: str = "Częstochowa"
    phone: str = "34 370 00 00"
    hours: str = "poniedziałek–piątek, godz. 7.30–15.30"
    slots: str = "pn 7:30-15:30, wt 7:30-15:30, śr 7:30-15:30, cz 7:30-15:30, pt 7:30-15:30; 15 min; 2"
    data_protection_officer: str = "iod@urzad.invalid"
    regon: str = "151398413"
    unit: str = "KM"
    case_class: str = "5410"
    plate_letters: str = "SC"

    @property
    def plate_prefixes(self) -> tuple[str, ...]:
        """The letters of the counties whose numbers the office gives, the first in use first."""
        return _list(self.plate_letters.upper())

    @property
    def plate_letter(self) -> str:
        """The letter of the voivodeship, with which individual numbers begin."""
        return self.plate_prefixes[0][0]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs between one installation and another. Sizes are bytes, times are seconds."""

    data_dir: Path
    database_url: str
    store_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    data_keys: str
    mail_url: str
    port: int = 8080
    host: str = "127.0.0.1"
    demo: bool = True
    production: bool = False
    trusted_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    proxy_hops: int = 0
    public_url: str = "http://127.0.0.1:8080"
    clamd: str | None = None
    ocsp_hosts: tuple[str, ...] = ()
    crl_hosts: tuple[str, ...] = ()
    metrics_networks: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    require_totp: bool = False
    editions: str = "sekap"
    disk_reserve: int = 512 * MIB
    max_body: int = 60 * MIB
    max_package: int = 50 * MIB
    max_unpacked: int = 100 * MIB
    max_files: int = 200
    max_ratio: int = 150
    max_xml: int = 8 * MIB
    max_pixels: int = 50_000_000
    staff_idle: int = 30 * 60
    staff_absolute: int = 10 * 3600
    citizen_idle: int = 20 * 60
    citizen_absolute: int = 2 * 3600
    testing: bool = False
    office: OfficeIdentity = field(default_factory=OfficeIdentity)

    @property
    def https(self) -> bool:
        """Whether people reach the doors over TLS, and cookies may therefore demand it."""
        return self.public_url.startswith("https://")


def _generated(path: Path, make: str) -> str:
    """Return the secret kept in `path`, making it on first use. Development and demonstration only."""
    if path.exists():
        return path.read_text("ascii").strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may start on an empty folder: whoever links first wins, the other reads.
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fresh.write_text(make, "ascii")
    fresh.chmod(0o600)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_text("ascii").strip()


def _list(value: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (value or "").split(",") if part.strip())


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name, "")
    if not text:
        return default
    if not text.isdigit():
        raise SettingsError(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _editions(env: Mapping[str, str]) -> str:
    value = env.get("EDITIONS") or "sekap"
    if value not in {"sekap", "law"}:
        raise SettingsError(f"EDITIONS must be sekap or law, not {value!r}.")
    return value


def _office(env: Mapping[str, str]) -> OfficeIdentity:
    standard = OfficeIdentity()
    names = OfficeIdentity.__slots__
    return OfficeIdentity(**{name: env.get(f"OFFICE_{name.upper()}", getattr(standard, name)) for name in names})


def from_environment(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `env` (the process environment by default).

    Raises:
        SettingsError: a value makes no sense, or production lacks a secret that it must be given.
    """
    env = os.environ if env is None else env
    data_dir = Path(env.get("DATA_DIR", "var")).resolve()
    production = env.get("OKIENKO_ENV", "development") == "production"
    secret_key, data_keys = env.get("SECRET_KEY", ""), env.get("DATA_KEYS", "")
    if production:
        for name, value in (
            ("SECRET_KEY", secret_key),
            ("DATA_KEYS", data_keys),
            ("PUBLIC_URL", env.get("PUBLIC_URL")),
        ):
            if not value:
                raise SettingsError(f"{name} must be set in production. See docs/operations.md, section 'Settings'.")
    else:
        secret_key = secret_key or _generated(data_dir / "secrets" / "secret_key", secrets.token_urlsafe(48))
        data_keys = data_keys or _generated(
            data_dir / "secrets" / "data_keys", "k1:" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")
        )
    port = _number(env, "PORT", 8080)
    public_url = env.get("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/")
    return Settings(
        data_dir=data_dir,
        database_url=_database(env.get("DATABASE_URL") or f"sqlite:///{data_dir / 'okienko.db'}"),
        store_url=env.get("STORE_URL") or str(data_dir / "store"),
        secret_key=secret_key,
        secret_key_fallbacks=_list(env.get("SECRET_KEY_FALLBACKS")),
        data_keys=data_keys,
        mail_url=env.get("MAIL_URL") or f"file://{data_dir / 'mail'}",
        port=port,
        host=env.get("HOST", "127.0.0.1"),
        demo=env.get("DEMO", "0" if production else "1") != "0",
        production=production,
        trusted_hosts=_list(env.get("TRUSTED_HOSTS")) or ("127.0.0.1", "localhost"),
        proxy_hops=_number(env, "PROXY_HOPS", 0),
        public_url=public_url,
        clamd=env.get("CLAMD") or None,
        ocsp_hosts=_list(env.get("OCSP_HOSTS")),
        crl_hosts=_list(env.get("CRL_HOSTS")),
        metrics_networks=_list(env.get("METRICS_NETWORKS")) or ("127.0.0.0/8", "::1/128"),
        editions=_editions(env),
        require_totp=env.get("REQUIRE_TOTP", "0") == "1",
        disk_reserve=_number(env, "DISK_RESERVE_MIB", 512) * MIB,
        max_body=_number(env, "MAX_BODY_MIB", 60) * MIB,
        max_package=_number(env, "MAX_PACKAGE_MIB", 50) * MIB,
        max_unpacked=_number(env, "MAX_UNPACKED_MIB", 100) * MIB,
        max_files=_number(env, "MAX_FILES", 200),
        max_ratio=_number(env, "MAX_RATIO", 150),
        max_xml=_number(env, "MAX_XML_MIB", 8) * MIB,
        max_pixels=_number(env, "MAX_MEGAPIXELS", 50) * 1_000_000,
        office=_office(env),
    )


def _database(url: str) -> str:
    """Name the PostgreSQL driver that is pinned, so that a plain `postgresql://` address works."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
