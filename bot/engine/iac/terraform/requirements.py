"""What a root and its modules ask of providers (https://developer.hashicorp.com/terraform/language/providers/requirements), and which
versions its lock file fixes (https://developer.hashicorp.com/terraform/language/files/dependency-lock)."""

from __future__ import annotations

from collections.abc import Iterable

from bot.engine.iac.terraform import syntax as s


class Requirements:
    """Collected module by module, callers first. One provider serves them all, so every constraint holds."""

    def __init__(self) -> None:
        self._versions: dict[str, dict[str, None]] = {}
        self._sources: dict[str, dict[str, None]] = {}

    def take(self, settings: Iterable[s.Block], providers: Iterable[s.Block]) -> None:
        """The `terraform` and `provider` blocks of one module; before Terraform 0.13 the latter had the version."""
        for block in settings:
            for inner in block.blocks:
                if inner.type == "required_providers":
                    for name, written in inner.attributes.items():
                        self._add(name, _part(written.expression, "version"), _part(written.expression, "source"))
        for block in providers:
            if (version := block.attributes.get("version")) is not None:
                self._add(block.labels[0], _text(version.expression), "")

    def take_lock(self, blocks: Iterable[s.Block]) -> None:
        """The blocks of the root's lock file, after all modules: what it fixes is what runs."""
        for block in blocks:
            version = block.attributes.get("version")
            if block.type == "provider" and len(block.labels) == 1 and version is not None and (fixed := _text(version.expression)):
                owner, _, name = block.labels[0].rpartition("/")
                source = f"/{owner.rpartition('/')[2]}/{name}"
                local = [known for known, sources in self._sources.items() if any(f"/{given}".endswith(source) for given in sources)]
                for one in local or [name]:
                    self._add(one, f"= {fixed}", "")

    def _add(self, name: str, version: str, source: str) -> None:
        known = self._versions.setdefault(name, {})
        if version:
            known[version] = None
        if source:
            self._sources.setdefault(name, {})[source] = None

    def versions(self) -> dict[str, str]:
        """Local name → all constraints, with commas."""
        return {name: ", ".join(found) for name, found in self._versions.items()}

    def sources(self) -> dict[str, tuple[str, ...]]:
        """Local name → every source that is given for it."""
        return {name: tuple(found) for name, found in self._sources.items()}


def _part(expression: s.Expression, name: str) -> str:
    """The version, or the source; a text alone is the version."""
    if isinstance(expression, s.ObjectCons):
        return next((_text(value) for key, value in expression.items if isinstance(key, s.Literal) and key.raw == name), "")
    return _text(expression) if name == "version" else ""


def _text(expression: s.Expression) -> str:
    return str(expression.raw or "") if isinstance(expression, s.Literal) else ""
