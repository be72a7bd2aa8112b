"""A form of a page, filled in as a browser does it: what stands there is sent, and nothing else can be typed."""

from __future__ import annotations

from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

Typed = str | int | list[int]


def filled(page: TestResponse, action: str, **typed: Typed) -> MultiDict[str, str]:
    """Return what the form of `page` for `action` sends when somebody types `typed` into it.

    Of several forms the first that can say all of `typed` counts: a hidden field or a button says its value, a choice
    one of its values, a free field anything.
    """
    text = page.get_data(as_text=True)
    assert page.status_code == 200, (action, page.status_code, text[:2000])
    forms = [form for form in html.fromstring(text).forms if form.get("action") == action]
    wanted = {
        name: [str(one) for one in said] if isinstance(said, list) else [str(said)] for name, said in typed.items()
    }
    fitting = [form for form in forms if all(_can_say(form, name, said) for name, said in wanted.items())]
    assert fitting, f"the page has no form for {action} that says {typed}; it has {len(forms)} for it"
    values: MultiDict[str, str] = MultiDict(fitting[0].form_values())
    for name, said in wanted.items():
        values.setlist(name, said)
    return values


def leads_to(page: TestResponse, address: str) -> bool:
    """Return whether a link of the page leads to `address`."""
    return bool(html.fromstring(page.get_data(as_text=True)).xpath("//a[@href=$to]", to=address))


def _can_say(form: html.FormElement, name: str, said: list[str]) -> bool:
    """Whether the form has fields called `name` that send `said`."""
    fields = form.xpath(".//*[@name=$name]", name=name)
    fixed = {"hidden", "radio", "checkbox", "submit"}
    free = [one for one in fields if one.tag in {"input", "textarea"} and one.get("type", "text") not in fixed]
    offered = {one.get("value") for one in fields} | {
        one.get("value") for one in form.xpath(".//*[@name=$name]//option", name=name)
    }
    return bool(fields) and (bool(free) or set(said) <= offered)
