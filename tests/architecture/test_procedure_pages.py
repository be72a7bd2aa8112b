"""`docs/procedures.md` shows the tables as they are. `python -m tests.architecture.test_procedure_pages` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.domain.procedures import PROCEDURES, Procedure, Step, as_mermaid

PAGE = Path(__file__).resolve().parents[2] / "docs" / "procedures.md"

_HEAD = """\
# Procedures

Drawn from the tables in `app/domain/procedures/`; do not edit this page, edit a table and run

```
.venv/bin/python -m tests.architecture.test_procedure_pages
```

A picture shows the steps that move a case. The table below it has all steps, also those that leave the case where it
stands, in the order in which the program reads them. Of several rows with the same name and stage the first whose
conditions hold is taken. *By* says who may take a step; *first* what must be true. Words: `docs/glossary.md`.

Steps that write a letter are taken when it leaves, a minute after it was written (`app/domain/correspondence.py`).

`sekap` is the procedure as the city describes it to its citizens, and in force. `2022` is the law since 4 September
2022: no vehicle card and no control sticker.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_chapter(procedure) for procedure in PROCEDURES.values())])


def _chapter(procedure: Procedure) -> str:
    title = f"## {procedure.name.value}, edition {procedure.edition}"
    return "\n".join([title, "", "```mermaid", as_mermaid(procedure).rstrip(), "```", "", *_table(procedure), ""])


def _table(procedure: Procedure) -> Iterator[str]:
    yield "| step | from | to | by | first | law |"
    yield "|---|---|---|---|---|---|"
    for step in procedure.steps:
        yield "| " + " | ".join(_cells(step)) + " |"


def _cells(step: Step) -> tuple[str, ...]:
    to = "stays" if step.stays else f"`{step.to.value}`"
    by = ", ".join(doer.value.replace("_", " ") for doer in step.by)
    needs = ", ".join(condition.code for condition in step.needs)
    return f"`{step.name}`", f"`{step.origin.value}`", to, by, needs, step.law


def test_the_page_shows_the_tables_as_they_are():
    assert PAGE.read_text("utf-8") == page()


def test_every_step_and_every_stage_of_every_table_is_on_the_page():
    text = page()

    for procedure in PROCEDURES.values():
        assert f"## {procedure.name.value}, edition {procedure.edition}" in text
        for stage in procedure.stages:
            assert f"    {stage.value} : " in text
    assert text.count("\n| `") == sum(len(procedure.steps) for procedure in PROCEDURES.values())


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
