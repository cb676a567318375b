"""The table of measures against faults names what stands in the code, and tests that there are."""

from __future__ import annotations

from bench.drills.measures import ROOT, misplaced, read_table


def test_each_measure_stands_once_in_the_file_that_the_table_names() -> None:
    files = {file for one in read_table() for file, _, _ in one.edits}
    assert not [file for file in sorted(files) if not (ROOT / file).is_file()]
    assert not misplaced(read_table())


def test_each_measure_names_tests_that_there_are() -> None:
    wanted = {test.partition("[")[0] for one in read_table() for test in one.tests}
    for test in sorted(wanted):
        file, _, name = test.partition("::")
        text = (ROOT / file).read_text("utf-8")
        assert not name or f"def {name}(" in text, test
