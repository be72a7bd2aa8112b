"""Which words stand for appeals: how they came, what happened to them, how they ended?"""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_pgettext
from flask_babel.speaklater import LazyString

WAYS: Mapping[str, LazyString] = {
    "electronic": lazy_pgettext("appeal", "electronically"),
    "designated_operator": lazy_pgettext("appeal", "by the public post"),
    "courier": lazy_pgettext("appeal", "by courier"),
    "in_person": lazy_pgettext("appeal", "in person"),
}
OUTCOMES: Mapping[str, LazyString] = {
    "upheld": lazy_pgettext("appeal", "the SKO upheld the decision"),
    "repealed": lazy_pgettext("appeal", "the SKO repealed the decision"),
    "discontinued": lazy_pgettext("appeal", "the SKO discontinued the appeal proceedings"),
    "not_admitted": lazy_pgettext("appeal", "the SKO did not admit the appeal"),
    "withdrawn": lazy_pgettext("appeal", "the party withdrew the appeal"),
    "corrected": lazy_pgettext("appeal", "the office granted the appeal by a new decision"),
    "struck_out": lazy_pgettext("appeal", "struck out, written down by mistake"),
}
EVENTS: Mapping[str, LazyString] = {
    "received": lazy_pgettext("appeal", "an appeal came"),
    "forwarded": lazy_pgettext("appeal", "the appeal and the file went to the SKO"),
    **OUTCOMES,
}
