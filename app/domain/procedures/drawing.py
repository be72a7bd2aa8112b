"""What does a procedure look like? Its table as a picture, in the languages of Mermaid and Graphviz."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.procedures.machine import Procedure, Step
from app.domain.procedures.stages import SIDE_STAGES


def _plain(code: str) -> str:
    return code.replace("_", " ")


def as_mermaid(procedure: Procedure, word: Callable[[str], str] = _plain, *, staying: bool = False) -> str:
    """Return `procedure` as a Mermaid state diagram.

    Args:
        procedure: The table to draw.
        word: What to write for the code of a stage or a step; the code itself with spaces unless told.
        staying: Whether to draw steps that leave the case where it stands, too.
    """
    lines = ["stateDiagram-v2"]
    lines += [f"    {stage.value} : {word(stage.value)}" for stage in procedure.stages]
    lines.append(f"    [*] --> {procedure.initial.value}")
    lines += [
        f"    {step.origin.value} --> {step.to.value} : {_label(step, word, ' / ').replace(':', ' ')}"
        for step in _drawn(procedure, staying=staying)
    ]
    lines += [f"    {stage.value} --> [*]" for stage in procedure.stages if stage in procedure.ends]
    return "\n".join(lines) + "\n"


def as_dot(procedure: Procedure, word: Callable[[str], str] = _plain, *, staying: bool = False) -> str:
    """Return `procedure` as a Graphviz digraph, with the stages of the line in bold and the ways out dashed.

    The arguments are those of `as_mermaid`.
    """
    lines = [
        f"digraph {_quoted(f'{procedure.name.value} {procedure.edition}')} {{",
        "    rankdir=TB;",
        '    node [shape=box, style="rounded"];',
    ]
    for stage in procedure.stages:
        style = "rounded,bold" if stage in procedure.line else "rounded,dashed" if stage in SIDE_STAGES else "rounded"
        lines.append(f'    {stage.value} [label={_quoted(word(stage.value))}, style="{style}"];')
    lines += [
        f"    {step.origin.value} -> {step.to.value} [label={_quoted(_label(step, word, chr(10)))}];"
        for step in _drawn(procedure, staying=staying)
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _drawn(procedure: Procedure, *, staying: bool) -> list[Step]:
    return [step for step in procedure.steps if staying or not step.stays]


def _label(step: Step, word: Callable[[str], str], gap: str) -> str:
    return gap.join(part for part in (word(step.name), step.law) if part)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
