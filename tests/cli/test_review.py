from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from pathlib import Path

import pytest

from bot.cli.evaluate import RUNS
from bot.engine.iac.terraform.workflow_runs import SIGNS
from tests.cli.command import COMMAND, countersign, environment
from tests.cli.conftest import PROVIDER
from tests.local.repositories import git, write

MANIFEST = """resource "kubectl_manifest" "pod" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: Pod
    metadata:
      name: agent
    spec:
      containers:
        - name: agent
          image: agent
          securityContext:
            privileged: true
  EOT
}
"""


WORKFLOW = """jobs:
  plan:
    steps:
      - uses: hashicorp/setup-terraform@v3
        with:
          terraform_version: 1.5.7
      - run: terraform plan
"""


def test_a_workflow_is_read_in_the_confined_child(tmp_path: Path) -> None:
    before = {"before/.github/workflows/plan.yml": WORKFLOW, "before/main.tf": "terraform {}\n"}
    after = {"after/.github/workflows/plan.yml": WORKFLOW, "after/main.tf": 'terraform {\n  required_version = ">= 1.9"\n}\n'}
    write(tmp_path, before | after)
    done = countersign("review", "--before", tmp_path / "before", "--after", tmp_path / "after")
    assert (done.code, done.error) == (1, "")
    assert ".github/workflows/plan.yml installs Terraform 1.5.7" in done.out
    assert RUNS == SIGNS


@pytest.mark.parametrize(("branch", "code"), [("bad", 1), ("good", 0), ("docs", 0), ("asks", 2)])
def test_exit_code_says_whose_turn_it_is(clone: Path, branch: str, code: int) -> None:
    done = countersign("review", f"main..{branch}", "--repo", clone)
    assert (done.code, done.error) == (code, "")


def test_violation_is_shown_with_its_line(clone: Path) -> None:
    shown = countersign("review", "main..bad", "--repo", clone).out
    assert "  --> main.tf:6:" in shown
    assert '6 |   cidr_blocks = ["0.0.0.0/0"]' in shown
    assert "^^^" in shown
    assert "1 violation · 1 file, 1 resource," in shown


def test_unknown_is_asked_and_never_asserted(clone: Path) -> None:
    shown = countersign("review", "main..asks", "--repo", clone).out
    assert "decide[J-1]:" in shown
    assert "Not known from this change" in shown
    assert "Any address can reach" not in shown


def test_nothing_to_review_says_so(clone: Path) -> None:
    assert countersign("review", "main..docs", "--repo", clone).out.startswith("No infrastructure change in 1 file\n")


def test_working_tree_is_reviewed_without_a_range(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "good")
    write(clone, {"main.tf": (clone / "main.tf").read_text().replace("10.0.0.0/8", "0.0.0.0/0")})
    done = countersign("review", cwd=clone)
    assert done.code == 1
    assert "to the working tree on" in done.out
    assert "1 file not committed" in done.out


def test_two_directories(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": "", "b/main.tf": 'resource "aws_ebs_volume" "v" {\n  encrypted = false\n}\n'})
    done = countersign("review", "--before", tmp_path / "a", "--after", tmp_path / "b")
    assert done.code == 1
    assert "encrypted = false" in done.out


@pytest.mark.parametrize("form", ["text", "json", "sarif", "markdown"])
def test_every_format_is_printed(clone: Path, form: str) -> None:
    done = countersign("review", "main..bad", "--repo", clone, "--format", form)
    assert done.code == 1
    if form in ("json", "sarif"):
        assert json.loads(done.out)
    else:
        assert "reachable from every address" in done.out


def test_sarif_names_the_rule_with_a_page_about_it(clone: Path) -> None:
    (run,) = json.loads(countersign("review", "main..bad", "--repo", clone, "--format", "sarif").out)["runs"]
    assert run["tool"]["driver"]["rules"][0]["helpUri"].startswith("https://")


def test_a_file_in_another_encoding_is_called_that_and_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "main.tf").write_bytes('resource "aws_sqs_queue" "a" {}\n'.encode("utf-16"))
    done = countersign("review", "--before", tmp_path / "a", "--after", tmp_path / "b")
    assert done.code == 1
    assert "main.tf: Terraform reads UTF-8; this file is UTF-16." in done.out
    assert "\\x00" not in done.out


def test_what_files_of_ours_would_do_is_told(tmp_path: Path) -> None:
    waiver = "- {rule: ssh-port-open-to-world, resource: '*', reason: x, owner: '@kim', expires: 2099-01-31}\n"
    for name, files in {"a": {}, "b": {".github/countersign.yml": "level: observe\n", ".github/countersign-waivers.yml": waiver}}.items():
        write(tmp_path / name, {"main.tf": "locals {\n}\n", **files})
    done = countersign("review", "--before", tmp_path / "a", "--after", tmp_path / "b")
    assert (done.code, "rules would do less: `" in done.out) == (2, True)
    assert "A waiver is added: `ssh-port-open-to-world` for `*` until 2099-01-31" in done.out


def test_configuration_of_the_head_is_not_in_force(clone: Path) -> None:
    git(clone, "checkout", "--quiet", "bad")
    write(clone, {".github/countersign.yml": "level: observe\n"})
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", "loosen")
    assert countersign("review", "main..bad", "--repo", clone).code == 1


def test_configuration_of_the_base_is_in_force(clone: Path) -> None:
    write(clone, {".github/countersign.yml": "level: observe\n"})
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", "observe")
    git(clone, "checkout", "--quiet", "bad")
    git(clone, "rebase", "--quiet", "main")
    done = countersign("review", "main..bad", "--repo", clone)
    assert done.code == 0
    assert "Observing: would block on 1 violation" in done.out


def test_level_of_the_command_line(clone: Path) -> None:
    done = countersign("review", "main..bad", "--repo", clone, "--level", "observe")
    assert (done.code, "Observing: would block on 1 violation" in done.out) == (0, True), done.out


def test_waiver_of_a_file_is_used_and_shown(clone: Path, tmp_path: Path) -> None:
    entry = "- rule: database-port-open-to-world\n  resource: '*'\n  reason: migration\n  owner: '@acme/data'\n  expires: 2999-01-01\n"
    write(tmp_path, {"w.yml": entry})
    done = countersign("review", "main..bad", "--repo", clone, "--waivers", tmp_path / "w.yml")
    assert (done.code, done.error) == (0, "")
    assert "Waived: 1" in done.out


def test_what_the_organisation_protects_is_in_force_and_told(clone: Path, tmp_path: Path) -> None:
    scope = "  - repositories: [payments-*]\n    properties: {tier: critical}\n    level: enforce\n    protected: [level]\n"
    write(tmp_path, {"o.yml": f"level: observe\nscopes:\n{scope}", "c.yml": "level: observe\n"})
    files = ("--config", tmp_path / "c.yml", "--organisation", tmp_path / "o.yml")
    done = countersign("review", "main..bad", "--repo", clone, *files, "--as", "acme/payments-api", "--properties", "tier=critical")
    assert done.code == 1
    assert "`level: observe` has no effect on" in " ".join(done.out.split())
    assert countersign("review", "main..bad", "--repo", clone, *files, "--as", "acme/web", "--properties", "tier=critical").code == 0
    shown = countersign("review", "main..bad", "--repo", clone, *files, "--properties", "=x")
    assert (shown.code, "--properties takes name=value" in shown.error) == (64, True)


def test_broken_configuration_on_the_command_line_is_a_usage_error(clone: Path, tmp_path: Path) -> None:
    write(tmp_path, {"c.yml": "rules:\n  database-port-open-to-world: {disposition: violaton}\n"})
    done = countersign("review", "main..bad", "--repo", clone, "--config", tmp_path / "c.yml")
    assert done.code == 64
    assert "c.yml:2" in done.error
    assert "violation" in done.error


def test_broken_configuration_of_the_base_is_an_answer_that_is_not_green(clone: Path) -> None:
    write(clone, {".github/countersign.yml": "levle: observe\n"})
    git(clone, "add", "--all")
    git(clone, "commit", "--quiet", "-m", "broken")
    git(clone, "checkout", "--quiet", "-B", "later")
    write(clone, {"main.tf": "# x\n"})
    git(clone, "commit", "--quiet", "--all", "-m", "later")
    done = countersign("review", "main..later", "--repo", clone, "--format", "json")
    assert done.code == 3
    assert json.loads(done.out)["conclusion"] == "failure"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review", "--fromat", "json"], "did you mean --format?"),
        (["review", "--format", "xml"], "one of text, json, sarif, markdown"),
        (["review", "--format"], "needs a value"),
        (["review", "--plain=yes"], "takes no value"),
        (["review", "a..b", "c..d"], "do not know what to do with c..d"),
        (["review", "--before", "."], "--before is given alone"),
        (["review", "--before", ".", "--after", ".", "a..b"], "not both"),
        (["review", "--before", "nowhere", "--after", "."], "nowhere is not a directory"),
        (["review", "--repo", "nowhere"], "nowhere is not a directory"),
        (["review", "--repo", "/"], "is not a git repository"),
        (["backtest", "--repo", "/"], "Without git: countersign review --before DIR --after DIR"),
        (["review", "nothing..HEAD"], "there is no commit nothing"),
        (["review", "HEAD"], "Write BASE..HEAD"),
        (["review", "--config", "nowhere.yml"], "nowhere.yml cannot be read"),
        (["reveiw"], "did you mean review?"),
        (["scan"], "countersign scan PATH"),
        (["backtest", "--last", "none"], "a whole number"),
        (["rules", "show", "nothing"], "there is no rule nothing"),
        (["rules", "frob"], "rules list, show, test, new, explain, hold or docs"),
        (["rules", "new", "../../x"], "PACK/TOPIC/ID"),
    ],
)
def test_usage_errors_say_what_and_what_next(arguments: list[str], said: str) -> None:
    done = countersign(*arguments)
    assert done.code == 64
    assert done.out == ""
    assert said in done.error
    assert "Traceback" not in done.error


def test_help_and_version() -> None:
    assert countersign("--version").out.startswith("countersign ")
    assert countersign("--help").code == 0
    assert countersign().code == 64
    assert "--before DIR" in countersign("review", "-h").out


def test_hostile_arguments_are_echoed_harmlessly() -> None:
    assert "\x1b" not in countersign("review", "--repo", "\x1b[2Jx").error


def test_plain_text_has_no_colour_and_is_ascii(clone: Path) -> None:
    shown = countersign("review", "main..bad", "--repo", clone, "--plain").out
    assert shown.isascii()


@pytest.mark.parametrize(("extra", "colour"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_colours_only_on_a_terminal_that_wants_them(clone: Path, extra: dict[str, str], *, colour: bool) -> None:
    reader, writer = pty.openpty()
    values = {"TERM": "xterm", **extra}
    with subprocess.Popen([*COMMAND, "review", "main..bad", "--repo", str(clone)], stdout=writer, env=environment(**values)) as process:
        os.close(writer)
        shown = b""
        while True:
            try:
                piece = os.read(reader, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        assert process.wait() == 1
    os.close(reader)
    assert (b"\x1b[" in shown) == colour


def test_reader_that_leaves_is_no_error(clone: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [*COMMAND, "review", "main..bad", "--repo", str(clone)], stdout=writer, stderr=subprocess.PIPE, env=environment()
    )
    os.close(writer)
    assert process.communicate()[1] == b""
    assert process.returncode == 141


def test_interrupt_ends_at_once_and_leaves_nothing_behind(clone: Path) -> None:
    for number in range(30):
        write(clone, {"main.tf": f"# {number}\n"})
        git(clone, "commit", "--quiet", "--all", "-m", "x")
    arguments = [*COMMAND, "backtest", "--last", "30", "--repo", str(clone)]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), start_new_session=True)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    deadline = time.monotonic() + 20
    while not children.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=10)[1]
    assert process.returncode == 130
    assert error == b"countersign: interrupted\n"
    deadline = time.monotonic() + 3
    while (left := _alive(process.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left == []


def test_output_that_cannot_show_a_character_shows_an_escape(clone: Path) -> None:
    done = countersign("review", "main..docs", "--repo", clone, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.code, done.out.isascii()) == (0, True)


def _alive(group: int) -> list[str]:
    """The processes of a group that have not ended (those that nobody has reaped yet have)."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = status.read_text().rpartition(") ")
        except OSError:
            continue
        state, _, process_group = rest.split(" ")[:3]
        if int(process_group) == group and state not in "ZX":
            found.append(name)
    return found


def test_a_blocking_result_of_a_range_says_where_a_comment_may_stand(clone: Path) -> None:
    found = json.loads(countersign("review", "main..bad", "--format", "json", "--repo", clone).out)
    blocking = [result for result in found["results"] if result["blocks"]]
    assert blocking
    assert all(result["anchor"] == {"path": result["file"], "line": result["line"], "side": "RIGHT"} for result in blocking)


def test_plan_tells_what_the_source_leaves_open(clone: Path, tmp_path: Path) -> None:
    address = "aws_security_group_rule.db"
    plan = tmp_path / "plan.json"
    for prefix, code in (("10.0.0.0/8", 0), ("0.0.0.0/0", 1)):
        after = {"type": "ingress", "from_port": 5432, "to_port": 5432, "protocol": "tcp", "cidr_blocks": [prefix]}
        change = {"address": address, "type": "aws_security_group_rule", "name": "db", "change": {"after": after}}
        plan.write_text(json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": [change]}))
        done = countersign("review", "main..asks", "--repo", clone, "--plan", plan)
        assert (done.code, "agrees with everything the source tells" in done.out) == (code, True)


def test_what_is_no_plan_is_named_with_the_reason(clone: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text('{"format_version": "1.0", "values": {}}')
    done = countersign("review", "main..asks", "--repo", clone, "--plan", state)
    assert (done.code, "is not read as a plan: a state, not a plan. Write it with" in done.error) == (64, True)


def test_manifest_in_a_heredoc_is_read_in_the_confined_child(tmp_path: Path) -> None:
    write(tmp_path, {"before/main.tf": PROVIDER, "after/main.tf": PROVIDER + MANIFEST})
    done = countersign("review", "--before", tmp_path / "before", "--after", tmp_path / "after")
    assert (done.code, "error[kubernetes-container-privileged]" in done.out) == (1, True)
    assert "  --> main.tf:15" in done.out
