"""What the log says: one JSON object per line on standard error, with the request's number, without personal data."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

_SECRET_KEYS = re.compile(
    r"pass(word)?|haslo|secret|token|authorization|cookie|csrf|code$|otp|pesel|pin$|api_?key|data_keys", re.IGNORECASE
)
_PESEL = re.compile(r"(?<!\d)\d{11}(?!\d)")
_BEARER = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,}")
_PAIR = re.compile(r"(?i)\b(password|token|secret|code|csrf_token|authorization)([\"']?\s*[=:]\s*[\"']?)[^\s&,;\"']+")
_URL_PASSWORD = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://[^\s:/@]+:)[^\s@/]+@")
HIDDEN = "[hidden]"


def redact(text: str) -> str:
    """Return `text` without what looks like a PESEL, a password or a token."""
    text = _PESEL.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _URL_PASSWORD.sub(rf"\1{HIDDEN}@", text)
    return _PAIR.sub(rf"\1\2{HIDDEN}", text)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {
            redact(str(key)): HIDDEN if _SECRET_KEYS.search(str(key)) else _clean(inner) for key, inner in value.items()
        }
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(inner) for inner in value]
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if value is None or isinstance(value, bool | int | float):
        return (
            _clean(str(value)) if isinstance(value, int) and not isinstance(value, bool) and value >= 10**10 else value
        )
    return redact(str(value))


def without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Clean every value of a log line, and hide those whose name says what they are. A processor of structlog."""
    kept = {"code", "event", "level", "logger", "timestamp"}
    return {
        key: _clean(value) if key in kept or not _SECRET_KEYS.search(key) else HIDDEN for key, value in event.items()
    }


def places_only(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Replace an exception by its kind and the places it passed: messages of libraries quote people's data."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()[1]
    if isinstance(found, tuple):
        found = found[1]
    if isinstance(found, BaseException):
        frames = traceback.extract_tb(found.__traceback__)
        event["exception"] = type(found).__qualname__
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-25:]]
        if found.__cause__ is not None:
            event["caused_by"] = type(found.__cause__).__qualname__
    return event


def set_up_journal(level: int = logging.INFO) -> None:
    """Send our own log and that of the libraries to standard error as JSON. Safe to repeat."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[Any] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        places_only,
        without_secrets,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = _Handler()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=last))
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known, _Handler)]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level)
    # Flask-AppBuilder tells at each start what it is about to do, and fontTools tells everything.
    for chatty in ("flask_appbuilder", "fontTools", "alembic", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Handler(logging.StreamHandler[Any]):
    """Our handler, told apart from those that a test or a server installs; looks up standard error at each line."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """Standard error as it is now."""
        return sys.stderr

    @stream.setter
    def stream(self, value: Any) -> None:
        del value
