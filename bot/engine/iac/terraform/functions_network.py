"""Addresses of networks. https://developer.hashicorp.com/terraform/language/functions/cidrsubnet"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from bot.engine.iac.terraform.function_kinds import Function, UnsupportedError, lifted
from bot.engine.pattern import Pattern

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    Network: TypeAlias = IPv4Network | IPv6Network

_OCTET = Pattern(r"(?<![\d:a-fA-F])0+(?=\d)")
_MAX_BITS_AT_ONCE = 32  # a prefix may not grow by more in `cidrsubnets`


def _network(prefix: str) -> Network:
    """The network; zeros before an octet count for nothing, as they always have here."""
    from ipaddress import ip_network  # noqa: PLC0415 - few roots need it

    address, slash, length = prefix.partition("/")
    if not slash or not length.isascii() or not length.isdecimal():
        raise ValueError("not an address with a prefix length")
    if ":" in address and "." in address:
        raise UnsupportedError("an IPv4 address inside an IPv6 one")
    return ip_network(f"{_OCTET.sub('', address)}/{int(length)}", strict=False)


def _subnet(prefix: str, newbits: int, number: int) -> str:
    network = _network(prefix)
    length = network.prefixlen + newbits
    if newbits < 0 or length > network.max_prefixlen or abs(number) >= 1 << newbits:
        raise ValueError("does not fit")
    if number < 0:
        raise UnsupportedError("a negative network number")
    size = 1 << (network.max_prefixlen - length)
    return f"{network.network_address + number * size}/{length}"


def _subnets(prefix: str, *newbits: int) -> tuple[str, ...]:
    network = _network(prefix)
    made: list[str] = []
    start = int(network.network_address)
    for bits in newbits:
        length = network.prefixlen + bits
        if not 1 <= bits <= _MAX_BITS_AT_ONCE or length > network.max_prefixlen:
            raise ValueError("does not fit")
        size = 1 << (network.max_prefixlen - length)
        start = -(-start // size) * size
        if start + size > int(network.broadcast_address) + 1:
            raise ValueError("does not fit")
        made.append(f"{type(network.network_address)(start)}/{length}")
        start += size
    return tuple(made)


def _host(prefix: str, number: int) -> str:
    network = _network(prefix)
    if not -network.num_addresses <= number < network.num_addresses:
        raise ValueError("does not fit")
    return str(network.network_address + (number if number >= 0 else network.num_addresses + number))


def _netmask(prefix: str) -> str:
    network = _network(prefix)
    if network.version != 4:
        raise ValueError("only IPv4 has netmasks")
    return str(network.netmask)


NETWORK: dict[str, Function] = {
    "cidrsubnet": lifted("tii", _subnet),
    "cidrsubnets": lifted("ti*", _subnets),
    "cidrhost": lifted("ti", _host),
    "cidrnetmask": lifted("t", _netmask),
}
