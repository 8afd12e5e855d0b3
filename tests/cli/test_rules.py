"""`rules explain` and `rules docs`: what a person asks who wonders why."""

from __future__ import annotations

from pathlib import Path

from tests.cli.command import ROOT, countersign

MAIN = """variable "cidrs" {
  default = ["0.0.0.0/0"]
}
resource "aws_security_group" "a" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.cidrs
  }
}
resource "aws_security_group" "b" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = var.others
  }
}
"""


def explained(tmp_path: Path, at: str) -> str:
    (tmp_path / "main.tf").write_text(MAIN)
    done = countersign("rules", "explain", "ssh-port-open-to-world", tmp_path, "--at", at)
    assert done.code == 0
    return done.out


def test_a_finding_is_told_value_by_value_with_the_way_they_came(tmp_path: Path) -> None:
    out = explained(tmp_path, "main.tf:9").splitlines()
    assert out[0] == "ssh-port-open-to-world: violation in aws_security_group.a at main.tf:9"
    assert out[1:3] == ['  ingress.cidr_blocks: ["0.0.0.0/0"]', "    through main.tf:2"]
    assert any(line.endswith("from_port: 22") for line in out)


def test_a_line_that_a_value_came_through_answers_too(tmp_path: Path) -> None:
    assert explained(tmp_path, "main.tf:2").startswith("ssh-port-open-to-world: violation in aws_security_group.a at main.tf:9\n")


def test_what_is_silent_says_which_value_made_it_so(tmp_path: Path) -> None:
    out = explained(tmp_path, "main.tf:12")
    assert out.startswith("ssh-port-open-to-world: nothing to say of aws_security_group.b at main.tf:")
    assert "443" in out
    assert "violation" not in out


def test_where_the_rule_looks_at_nothing_it_says_what_it_reads(tmp_path: Path) -> None:
    (tmp_path / "other.tf").write_text("locals {\n  x = 1\n}\n")
    expected = "ssh-port-open-to-world: nothing near other.tf:2 is what it looks at. It reads: ingress\n"
    assert explained(tmp_path, "other.tf:2") == expected


def test_a_place_is_needed_and_a_rule_that_there_is(tmp_path: Path) -> None:
    done = countersign("rules", "explain", "ssh-port-open-to-world", tmp_path)
    assert (done.code, "--at FILE:LINE" in done.error) == (64, True)
    done = countersign("rules", "explain", "ssh-port-open-to-wrld", tmp_path, "--at", "main.tf:1")
    assert (done.code, "did you mean ssh-port-open-to-world" in done.error) == (64, True)


def test_every_rule_has_a_page_with_its_reason_and_marked_examples(tmp_path: Path) -> None:
    assert countersign("rules", "docs", tmp_path / "pages").code == 0
    rules = {path.stem for path in (ROOT / "rules").rglob("*.yaml")}
    made = {path.stem: path.read_text() for path in (tmp_path / "pages").glob("*.md")}
    assert made.keys() == rules | {"README"}
    assert [name for name in rules if f"[{name}]({name}.md)" not in made["README"]] == []
    page = made["ssh-port-open-to-world"]
    assert page.startswith("# ssh-port-open-to-world\n")
    assert "  # violation" in page
    assert "\\x0a" not in page
    done = countersign("rules", "docs")
    assert (done.code, "rules docs DIRECTORY" in done.error) == (64, True)
