"""Which rules answer which controls: the table of docs/coverage.md.

python tools/coverage.py CONTROLS.csv > docs/coverage.md

CONTROLS.csv lists controls that several scanners agree on, by `control_id`, `priority`, `provider`, `resource_types`. A rule answers a
control whose id stands in its `aliases`, and a part of one in `partial`.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path

HOME = Path(__file__).parents[1]
sys.path.insert(0, str(HOME))

from bot.engine.policy.examples import RuleFile, load_rule_with_examples  # noqa: E402 - the path is set first

ELSEWHERE = {"docker", "github"}  # whose controls are about files that are not Terraform, but for what its GitHub provider sets
HEAD = """# Controls and the rules that answer them

Made by `python tools/coverage.py CONTROLS.csv` from the rule files. Priority 1 are the controls on which most scanners agree. *Part*: a
rule whose meaning is broader or narrower. Examples are those of the rule's own file; they run in the tests.
"""


def main() -> int:
    """Prints the table."""
    rules = [load_rule_with_examples(path.as_posix(), path.read_bytes()) for path in sorted((HOME / "rules").rglob("*.yaml"))]
    whole, part = _by_control(rules, partial=False), _by_control(rules, partial=True)
    with Path(sys.argv[1]).open(newline="", encoding="utf-8") as file:
        controls = [row for row in csv.DictReader(file) if _is_for_terraform(row)]
    controls.sort(key=lambda row: (row["provider"], row["priority"], row["control_id"]))
    print(HEAD)
    print(_summary(controls, whole, part))
    print("| control | priority | rules | examples |\n|---|---|---|--:|")
    for row in controls:
        name = row["control_id"]
        listed = [*(item.rule.id for item in whole[name]), *(f"*part:* {item.rule.id}" for item in part[name])]
        examples = sum(len(item.examples) for item in (*whole[name], *part[name]))
        print(f"| {name} | {row['priority']} | {', '.join(listed) or 'none'} | {examples or ''} |")
    return 0


def _by_control(rules: list[RuleFile], *, partial: bool) -> dict[str, list[RuleFile]]:
    found: dict[str, list[RuleFile]] = defaultdict(list)
    for item in rules:
        for control in (item.rule.partial if partial else item.rule.aliases).get("controls", ()):
            found[control].append(item)
    return found


def _is_for_terraform(row: dict[str, str]) -> bool:
    return row["provider"] not in ELSEWHERE or "github_" in row["resource_types"]


def _summary(controls: list[dict[str, str]], whole: dict[str, list[RuleFile]], part: dict[str, list[RuleFile]]) -> str:
    lines = ["| provider | priority | controls | answered | in part | not |", "|---|---|--:|--:|--:|--:|"]
    for provider, priority in sorted({(row["provider"], row["priority"]) for row in controls}):
        names = [row["control_id"] for row in controls if (row["provider"], row["priority"]) == (provider, priority)]
        full = sum(bool(whole[name]) for name in names)
        some = sum(bool(part[name]) and not whole[name] for name in names)
        lines.append(f"| {provider} | {priority} | {len(names)} | {full} | {some} | {len(names) - full - some} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
