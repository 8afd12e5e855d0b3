"""Which workflows of GitHub Actions run Terraform where, in which version, and with which variables, as far as their text alone says it.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax · https://github.com/hashicorp/setup-terraform ·
https://github.com/opentofu/setup-opentofu. Whatever is decided when the workflow runs (a matrix, an input, another step) is left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from bot.engine.documents import Node, NotReadable, load
from bot.engine.iac.terraform.references import joined_path
from bot.engine.iac.terraform.workflow_commands import Command, commands
from bot.engine.pattern import Pattern

PLACE = ".github/workflows/"
MAX_FILES = 100
SETUP = {"hashicorp/setup-terraform": ("terraform", "terraform_version"), "opentofu/setup-opentofu": ("tofu", "tofu_version")}
# Actions that set no variable of Terraform and write no file of them.
HARMLESS = frozenset(
    {
        *("actions/checkout", "actions/cache", "actions/setup-node", "actions/setup-python", "actions/setup-go", "actions/github-script"),
        *("actions/upload-artifact", "aws-actions/configure-aws-credentials", "azure/login", "google-github-actions/auth"),
        *("google-github-actions/setup-gcloud", "terraform-linters/setup-tflint", "docker/setup-buildx-action", "docker/login-action"),
        *SETUP,
    }
)
# One of these is in every workflow that says anything here; the others are not taken apart.
SIGNS = (b"setup-terraform", b"setup-opentofu", b"terraform plan", b"tofu plan", b"terraform -chdir", b"tofu -chdir")
READING = frozenset({"init", "validate", "plan", "apply"})  # what reads the configuration; variables are needed by a plan
_EXACT = Pattern(r"v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})")
_ENVIRONMENT = Pattern(r"\$\{\{\s*env\.([A-Za-z_]\w*)\s*\}\}")
_GIVES = Pattern(r"tfvars|TF_VAR|TF_CLI_ARGS|TF_WORKSPACE|GITHUB_ENV|\bsource\s|(?:^|\s)\.\s|\beval\b|\bexport\b")
Version = tuple[int, ...]


class Run(Struct, frozen=True):
    """One job that reads the configuration of a directory. `version`: exact, None where the job does not say it so. `given`: names of
    variables that it sets; None where it may set others too, or does not plan."""

    workflow: str
    directory: str
    tool: str
    version: Version | None
    given: frozenset[str] | None


def workflow_files(paths: Collection[str]) -> tuple[str, ...]:
    """The workflows of the tree, at most `MAX_FILES`."""
    return tuple(sorted(path for path in paths if path.startswith(PLACE) and path.endswith((".yml", ".yaml")))[:MAX_FILES])


def runs(files: Mapping[str, bytes]) -> tuple[Run, ...]:
    """Every job of every workflow that runs Terraform in a directory which the text names."""
    found: list[Run] = []
    for path in workflow_files(files):
        if any(sign in files[path] for sign in SIGNS):
            found.extend(_of_workflow(path, files[path]))
    return tuple(dict.fromkeys(found))


def _of_workflow(path: str, data: bytes) -> Iterator[Run]:
    try:
        document = load(data, path)
    except NotReadable:
        return
    jobs = document[0].get("jobs") if document else None
    for _, job in jobs.pairs if jobs is not None else ():
        yield from _Job(path, document[0], job).runs()


class _Job:
    def __init__(self, path: str, workflow: Node, job: Node) -> None:
        self.path = path
        self.steps = steps.items if (steps := job.get("steps")) is not None else ()
        self.environment = {**_texts(workflow.get("env")), **_texts(job.get("env"))}
        self.directory = _default_directory(job) or _default_directory(workflow) or "."

    def runs(self) -> Iterator[Run]:
        """One for each command, after the steps before it."""
        version: Version | None = None
        tool = ""
        is_open = False
        for step in self.steps:
            action = _text(step.get("uses")).partition("@")[0]
            if action in SETUP:
                tool, argument = SETUP[action]
                version = _exact(self._resolved(_texts(step.get("with")).get(argument, ""), step))
            elif action:
                is_open |= action not in HARMLESS
            text = _text(step.get("run"))
            for command in commands(text):
                directory = self._directory(step, command)
                if command.verb in READING and directory is not None:
                    same = version if command.tool == tool else None
                    is_told = command.verb == "plan" and not is_open and not _GIVES.search(text)
                    given = self._given(step, command) if is_told else None
                    yield Run(self.path, directory, command.tool, same, given)
            is_open |= bool(_GIVES.search(text))

    def _directory(self, step: Node, command: Command) -> str | None:
        """Where the command runs; None where that is not said."""
        place = self._resolved(_text(step.get("working-directory")) or self.directory, step)
        for further in (command.directory, command.chdir):
            if "$" in place or "$" in further:
                return None
            place = joined_path(joined_path("", place) or "", further) or "" if further else place
        return joined_path("", place)

    def _given(self, step: Node, command: Command) -> frozenset[str] | None:
        environment = {**self.environment, **_texts(step.get("env"))}
        if command.given is None or "TF_CLI_ARGS" in environment or "TF_CLI_ARGS_plan" in environment:
            return None
        return command.given | {name.removeprefix("TF_VAR_") for name in environment if name.startswith("TF_VAR_")}

    def _resolved(self, written: str, step: Node) -> str:
        """With what the environment says literally."""
        environment = {**self.environment, **_texts(step.get("env"))}
        return _ENVIRONMENT.sub(lambda found: environment.get(found[1], found[0]), written)


def _default_directory(node: Node) -> str:
    defaults = node.get("defaults")
    run = defaults.get("run") if defaults is not None else None
    return _text(run.get("working-directory")) if run is not None else ""


def _texts(node: Node | None) -> dict[str, str]:
    return {name.text: value.text for name, value in node.pairs if value.kind == "scalar"} if node is not None else {}


def _text(node: Node | None) -> str:
    return node.text if node is not None and node.kind == "scalar" else ""


def _exact(written: str) -> Version | None:
    found = _EXACT.fullmatch(written)
    return tuple(map(int, found.groups())) if found is not None else None
