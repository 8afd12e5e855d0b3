"""Sends one request through PyGithub's requester, and hands back what came as it came.

The requester builds addresses and headers. What it does to answers is left out: it reads every body as JSON, loses the query when a
repository was renamed, writes tokens to its debug log, and keeps the request in the connection that all threads share.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import requests
from github.Requester import HTTPRequestsConnectionClass, Requester, RequestsResponse
from msgspec import Struct
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from bot import __version__
from bot.github.answer import Answer
from bot.github.refusal import Refusal

# https://docs.github.com/en/rest/about-the-rest-api/api-versions
API_VERSION = "2026-03-10"
# Enterprise Servers up to 3.20 know only this one; they answer 400 to any other.
OLDER_VERSION = "2022-11-28"
UNKNOWN_VERSION = (400, 410)  # one that there is not yet, one that there is no more
USER_AGENT = f"countersign/{__version__}"
REDIRECTS = (301, 302, 307, 308)
MAX_REDIRECTS = 3
POOL = 64


class Broken(Exception):  # noqa: N818 - what the network did, not an error of ours
    """No answer came; whether GitHub acted is not known. The message names the kind of failure and never what was sent."""


class Address(Struct, frozen=True):
    """Where the interface is and how it is reached. `url`: `https://api.github.com`, or `https://HOST/api/v3` for an Enterprise Server.

    `ca_bundle`: a file of certificates, empty for the environment's (`REQUESTS_CA_BUNDLE`) or the system's. `proxy`: empty for the
    environment's (`HTTPS_PROXY`). `timeout`: seconds without a byte; GitHub itself cuts a request off after 10.
    """

    url: str
    ca_bundle: str = ""
    proxy: str = ""
    timeout: float = 15.0

    def __repr__(self) -> str:
        return f"Address({self.url!r})"  # a proxy's address may hold a password


class Request(Struct, frozen=True):
    """`path` begins with `/`, or is an address that GitHub gave. `body` is sent as JSON."""

    method: str
    path: str
    parameters: Mapping[str, str | int] = {}
    body: Any = None
    accept: str = "application/vnd.github+json"
    graphql: bool = False


def quoted(segment: str) -> str:
    """One segment of a path. Raises ValueError for what would climb or vanish: GitHub has no such names."""
    if segment in ("", ".", ".."):
        raise ValueError(f"not a path segment: {segment!r}")
    return quote(segment, safe="")


class Connection:
    """A pool of connections to one host, for all threads and all installations. Redirects stay on the host."""

    def __init__(self, address: Address) -> None:
        self.address = Address(address.url.rstrip("/"), address.ca_bundle, address.proxy, address.timeout)
        self._session = session(self.address)
        self._requester = _requester(self.address, API_VERSION)
        self.version = API_VERSION

    def close(self) -> None:
        """Closes the pool; a later request opens it again."""
        self._session.close()

    def send(self, request: Request, authorization: str) -> Answer:
        """The answer, whatever its status. Raises `Broken` when none came, and `Refusal` for another host.

        A server that does not know our version of the interface is spoken to in the older one from then on.
        """
        answer = self._redirected(request, authorization)
        if answer.status not in UNKNOWN_VERSION or self.version == OLDER_VERSION or b"version" not in answer.body.lower():
            return answer
        older = _requester(self.address, OLDER_VERSION)
        again = self._redirected(request, authorization, older)
        if again.status not in UNKNOWN_VERSION:
            self._requester, self.version = older, OLDER_VERSION
        return again

    def _redirected(self, request: Request, authorization: str, requester: Requester | None = None) -> Answer:
        path, parameters = request.path, request.parameters
        for _ in range(MAX_REDIRECTS):
            answer = self._send(request, path, parameters, authorization, requester or self._requester)
            location = answer.headers.get("location", "")
            if answer.status not in REDIRECTS or not location:
                return answer
            path = self._followed(path, answer)
            parameters = {} if urlsplit(path).query else request.parameters
        raise Broken("too many redirects")

    def owns(self, url: str) -> bool:
        """Whether an address that came in an answer belongs to the interface this connection was made for."""
        return url.startswith(f"{self.address.url}/")

    def _followed(self, path: str, answer: Answer) -> str:
        location = answer.headers["location"]
        found = urljoin(f"{self.address.url}/", location) if path.startswith("/") else urljoin(path, location)
        if not self.owns(found):
            raise Refusal("invalid", "GitHub redirected to another host, which is not followed", status=answer.status)
        return found

    def _send(self, request: Request, path: str, parameters: Mapping[str, str | int], authorization: str, requester: Requester) -> Answer:
        if not path.startswith("/") and not self.owns(path):
            raise Refusal("invalid", "an address of another host, which is not asked")
        exchange = _Exchange(self._session, self.address, authorization)
        url = requester.graphql_url if request.graphql else path
        try:
            requester.requestJson(request.method, url, dict(parameters), {"Accept": request.accept}, request.body, exchange)
        except requests.RequestException as error:
            raise Broken(type(error).__name__) from None  # its text and its request may hold what was sent
        return exchange.answer


class _Exchange(HTTPRequestsConnectionClass):
    """One request on its way. The requester is told of an empty success, so that it neither parses nor follows."""

    def __init__(self, session: requests.Session, address: Address, authorization: str) -> None:
        # Not the base class's: that one opens a pool of its own.
        self.session, self.protocol, self.address, self.authorization = session, urlsplit(address.url).scheme, address, authorization
        self.host = urlsplit(address.url).netloc
        self.answer = Answer(0, {}, b"")

    def getresponse(self) -> RequestsResponse:
        with self.session.request(
            self.verb,
            f"{self.protocol}://{self.host}{self.url}",
            headers={**self.headers, **({"Authorization": self.authorization} if self.authorization else {})},
            data=self.input,
            timeout=self.address.timeout,
            allow_redirects=False,
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            self.answer = Answer(response.status_code, headers, response.content)
        told = requests.Response()
        told.status_code, told._content = 200, b""  # noqa: SLF001 - there is no other way to make an answer without a request
        return RequestsResponse(told)


def _requester(address: Address, version: str) -> Requester:
    """It opens no connection of its own: each request brings one."""
    return Requester(
        auth=None,
        base_url=address.url,
        timeout=int(address.timeout),
        user_agent=USER_AGENT,
        per_page=100,
        verify=True,
        retry=None,
        pool_size=None,
        api_version=version,
    )


def session(address: Address) -> requests.Session:
    """A pool of connections that goes by the address's certificates and proxy, and sends what it is given."""
    made = requests.Session()
    made.auth = _as_it_is  # else requests looks for a .netrc and replaces the token
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    made.trust_env = False  # else it is read again for each request, and goes before what we were told
    told = address.ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    made.verify = told or True
    proxies = {"http": address.proxy, "https": address.proxy} if address.proxy else get_environ_proxies(address.url)
    made.proxies = dict(proxies)
    for scheme in ("https://", "http://"):
        made.mount(scheme, HTTPAdapter(max_retries=0, pool_maxsize=POOL))
    return made


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
