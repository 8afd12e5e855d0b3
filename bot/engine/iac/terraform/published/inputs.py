"""Inputs of a form in one line each: names, with their defaults where they are not null."""

from __future__ import annotations


def inputs(names: str) -> str:
    """`a b=true c=[]` as variable blocks; defaults are expressions without blanks."""
    pairs = (name.partition("=")[::2] for name in names.split())
    return (
        "\n".join(f'variable "{name}" {{\n  default = {default or "null"}\n}}' for name, default in pairs)
        + '\nvariable "major" {}\nvariable "minor" {}\nvariable "part" {}\n'
    )


def passed(names: str) -> str:
    """`a b=c` as arguments: each from the input of the same name, or of the one that is named."""
    pairs = (name.partition("=")[::2] for name in names.split())
    return "\n".join(f"  {name} = var.{given or name}" for name, given in pairs)


def same(names: str) -> str:
    """The names of `inputs` without their defaults, for `passed`."""
    return " ".join(name.partition("=")[0] for name in names.split())


def statements(given: str) -> str:
    """The statements of a policy document that a module takes as a map of objects, under this name."""
    return f"""
  dynamic "statement" {{
    for_each = var.{given}
    content {{
      effect    = try(statement.value.effect, null)
      actions   = try(statement.value.actions, null)
      resources = try(statement.value.resources, ["*"])
      dynamic "principals" {{
        for_each = try(statement.value.principals, [])
        content {{
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }}
      }}
      dynamic "condition" {{
        for_each = try(statement.value.conditions, statement.value.condition, [])
        content {{
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }}
      }}
    }}
  }}"""
