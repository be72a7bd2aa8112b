"""The party asks the clerk something about a case; an answer comes as a letter."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.domain.acts import Act
from app.domain.errors import BadInput, ConditionMissing
from app.models import Case, Letter, Question
from app.usecases.record import record

LONGEST = 2000
"""Characters of a question."""
MOST_OPEN = 5
"""Questions of one case that wait for an answer at the same time."""
ANSWER = "answer"
"""The kind of the letter that answers."""


def ask_question(session: Session, case: Case, text: str, *, act: Act) -> Question:
    """Put a question to whoever handles `case`.

    Raises:
        BadInput: `question-empty`, `question-too-long`.
        ConditionMissing: `questions-wait`: enough of them wait for an answer.
    """
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise BadInput("question-empty")
    if len(said) > LONGEST:
        raise BadInput("question-too-long", most=LONGEST)
    if sum(question.answered_letter_id is None for question in case.questions) >= MOST_OPEN:
        raise ConditionMissing("questions-wait", most=MOST_OPEN)
    question = Question(asked_at=act.at, asked_by=act.actor.name, text=said)
    case.questions.append(question)
    record(session, f"case:{case.id}", "question-asked", {}, act=act)
    return question


def answer_questions(case: Case, letter: Letter) -> None:
    """Mark what was asked before `letter` was written as answered by it, if it is an answer."""
    if letter.kind != ANSWER:
        return
    for question in case.questions:
        if question.answered_letter_id is None and question.asked_at <= letter.made_at:
            question.answered_letter_id = letter.id
