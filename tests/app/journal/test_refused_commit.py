"""What the database refuses at COMMIT leaves the runner usable and nothing behind."""

import pytest

from app.core.errors import RuleViolation
from app.journal.queries import Actor
from app.journal.workplace import Workplace
from tests.sample.commands import add_sample_pet, create_sample_owner


def test_a_reference_to_nothing_is_a_sentence_and_the_next_command_works(workplace: Workplace, boss: Actor) -> None:
    runner = workplace.runner
    for _attempt in range(2):
        with pytest.raises(RuleViolation):
            runner.run(boss, add_sample_pet, "no-owner", "Rex")
    owner = runner.run(boss, create_sample_owner, "Léa")
    runner.run(boss, add_sample_pet, owner, "Rex")
    report = workplace.verify()
    assert (report.sound, report.operations, report.rows) == (True, 2, 2)
