"""`countersign config check`: every problem with its line and what was probably meant, before the file is pushed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.command import countersign

WRONG = "levle: enforce\nrules:\n  database-port-open-to-world: {level: enforced}\n"


def place(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_what_is_valid_is_said_file_by_file(tmp_path: Path) -> None:
    place(tmp_path, ".github/countersign.yml", "level: enforce\n")
    place(tmp_path, ".github/countersign-waivers.yml", "[]\n")
    place(tmp_path, "countersign/config.yml", "level: observe\nprotected: [level]\n")
    done = countersign("config", "check", cwd=tmp_path)
    assert (done.code, done.error) == (0, "")
    valid = [".github/countersign.yml: valid", ".github/countersign-waivers.yml: valid", "countersign/config.yml: valid"]
    assert done.out.splitlines() == valid


def test_every_problem_has_its_line_and_what_was_meant(tmp_path: Path) -> None:
    place(tmp_path, ".github/countersign.yml", WRONG)
    done = countersign("config", "check", cwd=tmp_path)
    lines = done.out.splitlines()
    assert (done.code, len(lines), lines[-1]) == (1, 3, "2 problems")
    assert lines[0].startswith("`.github/countersign.yml:1` `levle` is not a key here.")
    assert lines[0].endswith("Did you mean `level`?")
    assert lines[1].startswith("`.github/countersign.yml:3` `rules.database-port-open-to-world.level: enforced` is not a level.")
    assert lines[1].endswith("Did you mean `enforce`?")


def test_ids_are_held_against_the_policy(tmp_path: Path) -> None:
    path = place(tmp_path, "any.yml", "rules:\n  databse-port-open-to-world: {level: enforce}\n")
    done = countersign("config", "check", path)
    assert done.code == 1
    assert f"`{path}:2` `rules.databse-port-open-to-world`" in done.out
    assert "Did you mean `database-port-open-to-world`?" in done.out


def test_the_name_tells_the_kind_and_the_option_goes_before(tmp_path: Path) -> None:
    text = "level: observe\nprotected: [level]\n"
    assert countersign("config", "check", place(tmp_path, "countersign/config.yml", text)).code == 0
    other = place(tmp_path, "other.yml", text)
    assert countersign("config", "check", other).code == 1
    assert countersign("config", "check", other, "--kind", "organisation").code == 0
    assert countersign("config", "check", place(tmp_path, "x-waivers.yml", "- rule: nothing\n")).code == 1


def test_programs_get_file_line_and_place(tmp_path: Path) -> None:
    place(tmp_path, ".github/countersign.yml", WRONG)
    done = countersign("config", "check", "--format", "json", cwd=tmp_path)
    found = json.loads(done.out)
    assert (done.code, found["files"]) == (1, [".github/countersign.yml"])
    assert [(one["file"], one["line"], one["place"]) for one in found["problems"]] == [
        (".github/countersign.yml", 1, "levle"),
        (".github/countersign.yml", 3, "rules.database-port-open-to-world.level"),
    ]


def test_nothing_to_check_is_not_valid(tmp_path: Path) -> None:
    done = countersign("config", "check", cwd=tmp_path)
    assert (done.code, done.out) == (64, "")
    assert done.error.startswith("countersign: none of .github/countersign.yml, ")
    absent = countersign("config", "check", tmp_path / "absent.yml")
    assert (absent.code, absent.error) == (64, f"countersign: {tmp_path}/absent.yml cannot be read: No such file or directory\n")
    assert countersign("config").code == 64
    large = place(tmp_path, "large.yml", "#" * 1_000_001)
    assert countersign("config", "check", large).error == f"countersign: {large} is larger than 1 MB and is not read as configuration\n"
