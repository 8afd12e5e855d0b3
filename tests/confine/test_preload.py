"""A child cannot import: everything the engine imports inside a function must be loaded before."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def late_imports() -> set[str]:
    """The modules that functions below `bot/engine` import."""
    found: set[str] = set()
    for path in sorted((ROOT / "bot" / "engine").rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                found |= {name for node in ast.walk(function) for name in _imported(node)}
    return found


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        package = ROOT / (node.module or "").replace(".", "/")
        inside = [f"{node.module}.{alias.name}" for alias in node.names if (package / f"{alias.name}.py").exists()]
        return [node.module or "", *inside]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def test_all_late_imports_are_loaded_before_the_child_is_closed_in() -> None:
    script = "import sys; from bot.confine import preload; preload.load(); print('\\n'.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert late_imports()
    assert late_imports() - set(loaded) == set()
