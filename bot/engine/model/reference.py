"""References that lead nowhere: what a text refers to and the tree does not declare."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from bot.engine.model.span import NOWHERE, Span

ReferenceKind: TypeAlias = Literal[
    "variable",
    "local",
    "module",
    "resource",  # data sources and ephemeral resources too
    "module-directory",  # what a call names as its source
    "module-output",
    "module-input",  # an argument of a call that the module does not take
    "required-input",  # one that it needs and does not get
    "provider-alias",
    "file",
    "duplicate",  # the second declaration of a name
    "cycle",  # a local value that needs itself
    "left-out",  # an optional attribute that is used as if it were always there
    "function",  # a function that the language does not have
    "refused",  # an expression that fails whatever the values are; `similar` says why
    "installed-version",  # the version that is installed and that `required_version` refuses; `similar` is the file that names it
    "unlike-branches",  # a condition whose branches no type holds; `similar` says what they are
    "list-for-each",  # a list where `for_each` takes a map or a set
    "single-indexed",  # an index on a resource that has one instance
    "repeated-whole",  # an attribute of a resource or call that has several instances, without saying of which
    "each-unbound",  # `each` or `count` where nothing is repeated
    "sensitive-for-each",  # a sensitive value that would become part of addresses
    "sensitive-output",  # an output of a root that would show a sensitive value
    "not-constant",  # a reference or a call where Terraform reads before there are values
    "shared-state",  # the place of a state that another root has as well; `similar` is its directory
    "provider-source",  # a provider that has no source and that no registry holds under the implied one
    "import-target",  # the address that a configuration is imported to
    "workflow-version",  # the version that a workflow installs and that `required_version` refuses; `similar` is the workflow
    "newer-language",  # what the version that a workflow installs does not understand; `similar` says which version does
    "input-not-passed",  # a variable of a root that its workflow does not set; `similar` is the workflow
]


class Dangling(Struct, frozen=True, order=True):
    """One place that refers to what does not exist (or exists twice, or needs itself).

    `span`: the reference alone. `name`: as Terraform names it (`var.region`, `module.net.vpc_id`, a path of the tree).
    `holder`: the block it stands in, by its address within the module; `holder_span`: that block's header. `directory`: the
    module's. `similar`: the nearest name that does exist there. `unsure`: why it may exist after all, such as a file that shows
    that others are generated; empty where it certainly does not. `declared`: of a name that is declared twice the first place, of a
    required input the variable.
    """

    span: Span
    kind: ReferenceKind
    name: str
    holder: str
    holder_span: Span
    directory: str
    similar: str = ""
    unsure: str = ""
    declared: Span = NOWHERE
