"""Git identities and accounts: what identifies somebody is a number, a login that nobody else can have, or an exact address."""

from __future__ import annotations

from msgspec import Struct

# https://docs.github.com/en/account-and-profile/reference/email-addresses-reference: with the account's number since 2017
NOREPLY = "@users.noreply.github.com"
MOST_DIGITS = 12
APP = "[bot]"


class Identity(Struct, frozen=True):
    """`account`: number on github.com, where it is told; `login`, `address`: in lower case, empty where not told."""

    account: int | None = None
    login: str = ""
    address: str = ""

    @property
    def is_app(self) -> bool:
        """Whether only an App can have this login."""
        return self.login.endswith(APP)

    @property
    def shown(self) -> str:
        return self.address or self.login


def of_address(address: str) -> Identity:
    """The identity behind an address."""
    plain = address.strip().lower()
    if not plain.endswith(NOREPLY):
        return Identity(address=plain)
    number, plus, login = plain.removesuffix(NOREPLY).rpartition("+")
    told = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
    return Identity(int(number) if told else None, "" if plus and not told else login, plain)


def of_account(login: str, number: int | None = None) -> Identity:
    """The identity of an account that the platform names."""
    return Identity(number, login.strip().lower())
