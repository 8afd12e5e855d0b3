"""Values that are certain to be sensitive, seen in the text: variables that say so, attributes of providers that hold secrets, and what is
made of them, into and out of the modules of the tree.

A sensitive value cannot be repeated over, since its elements would stand in addresses, and no output of a root may show it:
https://developer.hashicorp.com/terraform/language/meta-arguments/for_each#limitations-on-values-used-in-for_each and
https://developer.hashicorp.com/terraform/language/values/outputs#sensitive-suppressing-values-in-cli-output. Compared with 1.11.4. That a
module marks an output counts or not by Terraform's version: https://github.com/hashicorp/terraform/pull/37212.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.configuration import Configuration
from bot.engine.iac.terraform.describe import describe
from bot.engine.iac.terraform.expression_parts import parts_of
from bot.engine.model.reference import Dangling

MAX_NAME = 80
DEPTH = 8  # local values and modules that are followed
# What a sensitive argument makes sensitive as a whole, whatever else it is given.
_CARRY = frozenset(
    {
        *("base64decode", "base64encode", "coalesce", "compact", "csvdecode", "distinct", "format", "join", "jsondecode", "jsonencode"),
        *("keys", "length", "lower", "md5", "replace", "sha1", "sha256", "sort", "split", "substr", "tomap", "toset", "trimprefix"),
        *("trimspace", "trimsuffix", "upper", "urlencode", "values", "yamldecode", "yamlencode"),
    }
)
_GATHER = frozenset({"toset", "compact", "distinct", "sort"})  # what of one sensitive element makes the whole sensitive
_WRITE = frozenset({"format", "join", "jsonencode", "yamlencode"})  # and of one at any depth
_KEEP = frozenset({"concat", "flatten", "tolist", "tomap", "values"})  # their result holds the elements of what they are given
# Attributes that the providers mark, as their pages in the registry say: https://registry.terraform.io/browse/providers
_SECRETS: Mapping[str, frozenset[str]] = {
    "random_password": frozenset({"result", "bcrypt_hash"}),
    "tls_private_key": frozenset({"private_key_pem", "private_key_openssh", "private_key_pem_pkcs8"}),
    "aws_iam_access_key": frozenset({"secret", "ses_smtp_password_v4"}),
    "aws_secretsmanager_secret_version": frozenset({"secret_string", "secret_binary"}),
    "aws_ssm_parameter": frozenset({"value"}),
    "azurerm_key_vault_secret": frozenset({"value"}),
    "azurerm_storage_account": frozenset({"primary_access_key", "primary_connection_string", "secondary_access_key"}),
    "google_secret_manager_secret_version": frozenset({"secret_data"}),
    "google_service_account_key": frozenset({"private_key"}),
}
Called = Callable[[str, s.Block], Configuration | None]  # the module that a call in a directory leads to, where all of it was read


def sensitive_repeated(configuration: Configuration, called: Called) -> Iterator[Dangling]:
    """Every `for_each` of a resource, data source or call that is certain to be given a sensitive value, in the called modules what
    the call gives them."""
    module = Module(configuration, called)
    yield from _repeated(module, configuration)
    for block in configuration.modules.values():
        inner = module.of_call(block, DEPTH) if not {"count", "for_each"} & block.attributes.keys() else None
        if inner is not None and inner.given:
            alone = {fault.span for fault in _repeated(Module(inner.configuration, called), inner.configuration)}
            yield from (fault for fault in _repeated(inner, inner.configuration) if fault.span not in alone)


def _repeated(module: Module, configuration: Configuration) -> Iterator[Dangling]:
    named = {**configuration.resources, **{f"module.{name}": block for name, block in configuration.modules.items()}}
    for address, block in named.items():
        written = block.attributes.get("for_each")
        if written is not None and module.is_sensitive(written.expression, DEPTH):
            name = describe(written.expression, MAX_NAME)
            yield Dangling(written.expression.span, "sensitive-for-each", name, address, block.span, configuration.directory)


def sensitive_shown(configuration: Configuration, called: Called) -> Iterator[Dangling]:
    """Every output of a root that is certain to hold something sensitive and does not say so."""
    module = Module(configuration, called)
    for name, block in configuration.outputs.items():
        written = block.attributes.get("value")
        if written is None or block.incomplete or "sensitive" in block.attributes or "ephemeral" in block.attributes:
            continue
        is_certain = module.holds(written.expression, DEPTH)
        if is_certain or module.is_marked_output(written.expression):
            shown, unsure = describe(written.expression, MAX_NAME), "" if is_certain else "version"
            place = written.expression.span
            yield Dangling(place, "sensitive-output", shown, f"output.{name}", block.span, configuration.directory, unsure=unsure)


class Module(Struct, frozen=True):
    """A module as it is called. `given`: its variables that the call gives a sensitive value. `calls`: the modules that were followed
    from here, by the call's name."""

    configuration: Configuration
    called: Called
    given: frozenset[str] = frozenset()
    calls: dict[str, Module | None] = {}

    def is_sensitive(self, e: s.Expression, depth: int) -> bool:
        """Whether the value as a whole is certain to be sensitive; elements of collections may be without it."""
        if isinstance(e, s.GetAttr | s.Index):
            return self._is_reference_sensitive(e, depth)
        if isinstance(e, s.Call):
            return self._is_call_sensitive(e, depth)
        if isinstance(e, s.Conditional):
            branches = self.is_sensitive(e.then, depth) and self.is_sensitive(e.otherwise, depth)
            return branches or self.is_sensitive(e.condition, depth)
        if isinstance(e, s.For):
            return self.is_sensitive(e.collection, depth)
        return isinstance(e, s.Template | s.Binary | s.Unary) and any(self.is_sensitive(part, depth) for part in parts_of(e))

    def holds(self, e: s.Expression, depth: int) -> bool:
        """Whether the value, or something in it, is certain to be sensitive."""
        if isinstance(e, s.TupleCons):
            return any(self.holds(item, depth) for item in e.items)
        if isinstance(e, s.ObjectCons):
            return any(self.holds(value, depth) for _, value in e.items)
        if isinstance(e, s.Call) and e.name.removeprefix("core::") in _KEEP and any(self.holds(item, depth) for item in e.args):
            return True
        local, block = self._local(e), self._call_of(e)
        if local is not None:
            return depth > 0 and self.holds(local, depth - 1)
        if block is not None and isinstance(e, s.GetAttr):
            inner, value = self._output(e.name, block, depth)
            return inner is not None and value is not None and inner.holds(value, depth - 1)
        return self.is_sensitive(e, depth)

    def of_call(self, block: s.Block, depth: int) -> Module | None:
        """The module that a call leads to, and while that is looked at none: two modules may be made of each other's outputs."""
        name = block.labels[0]
        if name not in self.calls:
            self.calls[name] = None
            target = self.called(self.configuration.directory, block)
            if target is not None and depth > 0:
                written = {name: item for name, item in block.attributes.items() if name in target.variables}
                given = frozenset([name for name, item in written.items() if self.is_sensitive(item.expression, depth - 1)])
                self.calls[name] = Module(target, self.called, given)
        return self.calls[name]

    def is_marked_output(self, e: s.Expression) -> bool:
        """Whether it is an output that its module marks, which may be all that makes it sensitive."""
        block = self._call_of(e)
        target = self.called(self.configuration.directory, block) if block is not None else None
        return target is not None and isinstance(e, s.GetAttr) and _says_so(target.outputs.get(e.name))

    def _is_reference_sensitive(self, e: s.GetAttr | s.Index, depth: int) -> bool:
        if isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable):
            local = self._local(e)
            if e.source.name == "var":
                return e.name in self.given or _says_so(self.configuration.variables.get(e.name))
            return local is not None and depth > 0 and self.is_sensitive(local, depth - 1)
        if isinstance(e, s.GetAttr):
            block = self._call_of(e)
            if block is not None:
                inner, value = self._output(e.name, block, depth)
                return inner is not None and value is not None and inner.is_sensitive(value, depth - 1)
            if self._is_secret(e):
                return True
        return self.is_sensitive(e.source, depth)

    def _local(self, e: s.Expression) -> s.Expression | None:
        is_local = isinstance(e, s.GetAttr) and isinstance(e.source, s.Variable) and e.source.name == "local"
        found = self.configuration.locals.get(e.name) if is_local and isinstance(e, s.GetAttr) else None
        return found.expression if found is not None else None

    def _call_of(self, e: s.Expression) -> s.Block | None:
        """The call whose output is read."""
        source = _instance(e.source) if isinstance(e, s.GetAttr) else None
        is_call = isinstance(source, s.GetAttr) and isinstance(source.source, s.Variable) and source.source.name == "module"
        return self.configuration.modules.get(source.name) if is_call and isinstance(source, s.GetAttr) else None

    def _output(self, name: str, block: s.Block, depth: int) -> tuple[Module | None, s.Expression | None]:
        """The called module, and what it gives out under the name."""
        inner = self.of_call(block, depth)
        output = inner.configuration.outputs.get(name) if inner is not None else None
        written = output.attributes.get("value") if output is not None else None
        return inner, written.expression if written is not None else None

    def _is_secret(self, e: s.GetAttr) -> bool:
        """Whether it is an attribute of a resource or data source here that the provider marks."""
        found = _instance(e.source)
        if not isinstance(found, s.GetAttr):
            return False
        kind, data = found.source, ""
        if isinstance(kind, s.GetAttr) and isinstance(kind.source, s.Variable) and kind.source.name == "data":
            data = "data."
        elif not isinstance(kind, s.Variable):
            return False
        return e.name in _SECRETS.get(kind.name, ()) and f"{data}{kind.name}.{found.name}" in self.configuration.resources

    def _is_call_sensitive(self, e: s.Call, depth: int) -> bool:
        name = e.name.removeprefix("core::")
        if name == "sensitive":
            return True
        if name in _WRITE and any(self.holds(argument, depth) for argument in e.args):
            return True
        if name in _GATHER and e.args and isinstance(e.args[0], s.TupleCons):
            return any(self.is_sensitive(item, depth) for item in e.args[0].items)
        return name in _CARRY and any(self.is_sensitive(argument, depth) for argument in e.args)


def _instance(e: s.Expression) -> s.Expression:
    """Without the key of an instance."""
    return e.source if isinstance(e, s.Index) else e


def _says_so(block: s.Block | None) -> bool:
    written = block.attributes.get("sensitive") if block is not None else None
    return written is not None and isinstance(written.expression, s.Literal) and written.expression.raw is True
