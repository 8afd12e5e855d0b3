"""Numeric functions, and addresses of networks."""

from __future__ import annotations

import math
from collections.abc import Callable

from bot.engine.iac.terraform import syntax as s
from bot.engine.iac.terraform.conversions import tidy
from bot.engine.iac.terraform.function_kinds import Function, lifted
from bot.engine.iac.terraform.scope import Scope
from bot.engine.model.value import Value


def _parseint(text: str, base: int) -> int:
    if not 2 <= base <= 36 or len(text) > 400:
        raise ValueError("base or length")
    return int(text, base)


def _signum(number: float) -> int:
    return (number > 0) - (number < 0)


def _pow(base: float, exponent: float) -> float:
    return tidy(math.pow(base, exponent))


def _log(number: float, base: float) -> float:
    return tidy(math.log(number, base))


def _progression(start: float, limit: float, step: float) -> tuple[float, ...]:
    if step == 0 or (limit - start) * step < 0:
        raise ValueError("step")
    made: list[float] = []
    value = start
    while value < limit if step > 0 else value > limit:
        made.append(tidy(value))
        value += step
    return tuple(made)


def _range(args: list[Value], e: s.Call, scope: Scope) -> Value:
    def numbers(*given: float) -> tuple[float, ...]:
        start, limit = (0, given[0]) if len(given) == 1 else given[:2]
        step = given[2] if len(given) == 3 else (1 if limit >= start else -1)
        if step:
            scope.run.hold_collection(int(abs((limit - start) / step)) + 1)
        return _progression(start, limit, step)

    return lifted("nnn", numbers, optional=2)(args, e, scope)


def _subnet(prefix: str, newbits: int, number: int) -> str:
    from ipaddress import ip_network  # noqa: PLC0415 - few roots need it

    network = ip_network(prefix, strict=False)
    length = network.prefixlen + newbits
    if newbits < 0 or length > network.max_prefixlen or not 0 <= number < 1 << newbits:
        raise ValueError("does not fit")
    size = 1 << (network.max_prefixlen - length)
    return f"{network.network_address + number * size}/{length}"


def _subnets(prefix: str, *newbits: int) -> tuple[str, ...]:
    from ipaddress import ip_network  # noqa: PLC0415 - few roots need it

    network = ip_network(prefix, strict=False)
    made: list[str] = []
    start = int(network.network_address)
    for bits in newbits:
        length = network.prefixlen + bits
        if not bits >= 1 or length > network.max_prefixlen:
            raise ValueError("does not fit")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > int(network.broadcast_address) + 1:
            raise ValueError("does not fit")
        made.append(f"{type(network.network_address)(start)}/{length}")
        start += size
    return tuple(made)


def _host(prefix: str, number: int) -> str:
    from ipaddress import ip_network  # noqa: PLC0415 - few roots need it

    network = ip_network(prefix, strict=False)
    if not -network.num_addresses <= number < network.num_addresses:
        raise ValueError("does not fit")
    return str(network.network_address + (number if number >= 0 else network.num_addresses + number))


def _netmask(prefix: str) -> str:
    from ipaddress import IPv4Network  # noqa: PLC0415 - few roots need it

    return str(IPv4Network(prefix, strict=False).netmask)


def _extreme(choose: Callable[..., float]) -> Callable[..., float]:
    return lambda *numbers: choose(numbers)


NUMBER: dict[str, Function] = {
    "abs": lifted("n", abs),
    "ceil": lifted("n", math.ceil),
    "floor": lifted("n", math.floor),
    "signum": lifted("n", _signum),
    "pow": lifted("nn", _pow),
    "log": lifted("nn", _log),
    "min": lifted("nn*", _extreme(min)),
    "max": lifted("nn*", _extreme(max)),
    "parseint": lifted("ti", _parseint),
    "range": _range,
    "cidrsubnet": lifted("tii", _subnet),
    "cidrsubnets": lifted("ti*", _subnets),
    "cidrhost": lifted("ti", _host),
    "cidrnetmask": lifted("t", _netmask),
}
