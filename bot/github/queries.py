"""The GraphQL documents that read (https://docs.github.com/graphql/reference)."""

from __future__ import annotations

PULL = """
fragment Pull on PullRequest {
  number state merged isDraft title body createdAt changedFiles headRefOid headRefName baseRefOid baseRefName
  headRepository { nameWithOwner }
  author { __typename login ... on User { databaseId } ... on Bot { databaseId } ... on Organization { databaseId } }
  labels(first: 100) { nodes { name } }
  commits(last: 1) { nodes { commit { oid tree { oid } } } }
}"""

CONTENT = """
fragment Content on GitObject { __typename oid ... on Blob { byteSize text isTruncated } }"""

REPOSITORY = """
fragment Place on Repository {
  databaseId nameWithOwner
  defaultBranchRef { name target { oid } }
}
fragment Governed on Repository {
  c0: object(expression: "HEAD:.github/countersign.yml") { ...Content }
  c1: object(expression: "HEAD:.github/countersign.yaml") { ...Content }
  w0: object(expression: "HEAD:.github/countersign-waivers.yml") { ...Content }
  w1: object(expression: "HEAD:.github/countersign-waivers.yaml") { ...Content }
}"""

MERGE = """
query Merge($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      merged
      mergeCommit { oid tree { oid } }
    }
  }
}"""

DEPTH = 4  # levels below countersign/ that one query reads: rules/PROVIDER/CATEGORY/FILE


def _entries(depth: int) -> str:
    below = f"... on Tree {{ {_entries(depth - 1)} }}" if depth > 1 else ""
    return f"entries {{ name oid mode type object {{ ...Content {below} }} }}"


# A renamed repository keeps answering to its old name, but it is no longer the organisation's.
ORGANISATION = f"""
fragment Organisation on Repository {{
  nameWithOwner
  defaultBranchRef {{ target {{ oid }} }}
  countersign: object(expression: "HEAD:countersign") {{ oid ... on Tree @include(if: $content) {{ {_entries(DEPTH)} }} }}
}}"""

_ORGANISATION = 'organisation: repository(owner: $owner, name: ".github", followRenames: false) { ...Organisation }'

LOOK = f"""
query Look($owner: String!, $name: String!, $number: Int!, $content: Boolean!) {{
  repository(owner: $owner, name: $name) {{
    ...Place ...Governed
    pullRequest(number: $number) {{
      ...Pull
      comments(first: 1) {{ totalCount }}
      reviewThreads(first: 1) {{ totalCount }}
    }}
    open: pullRequests(states: [OPEN], first: 100) {{ nodes {{ number headRefOid }} pageInfo {{ hasNextPage endCursor }} }}
  }}
  {_ORGANISATION}
}}{PULL}{CONTENT}{REPOSITORY}{ORGANISATION}"""

GOVERNING = f"""
query Governing($owner: String!, $name: String!, $content: Boolean!) {{
  repository(owner: $owner, name: $name) {{ ...Place ...Governed }}
  {_ORGANISATION}
}}{CONTENT}{REPOSITORY}{ORGANISATION}"""

OPEN_HEADS = """
query OpenHeads($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    open: pullRequests(states: [OPEN], first: 100, after: $after) { nodes { number headRefOid } pageInfo { hasNextPage endCursor } }
  }
}"""

OPEN_PULLS = f"""
query OpenPulls($owner: String!, $name: String!, $after: String) {{
  repository(owner: $owner, name: $name) {{
    ...Place
    open: pullRequests(states: [OPEN], first: 50, after: $after) {{ nodes {{ ...Pull }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}{PULL}{REPOSITORY.partition("fragment Governed")[0]}"""


def pulls(numbers: tuple[int, ...]) -> str:
    """Several pull requests of one repository, each under `p` and its number."""
    asked = " ".join(f"p{number}: pullRequest(number: {number}) {{ ...Pull }}" for number in numbers)
    return f"query Pulls($owner: String!, $name: String!) {{ repository(owner: $owner, name: $name) {{ {asked} }} }}{PULL}"


def contents(oids: tuple[str, ...], commit: str, shown: tuple[bool, ...]) -> str:
    """Blobs by id under `b0`, `b1` …; files of a commit under `f0`, `f1` …, their paths in `$p0`, `$p1` …, `shown` with what they hold."""
    declared = "".join(f", $p{index}: String!" for index in range(len(shown)))
    blobs = " ".join(f'b{index}: object(oid: "{oid}") {{ ...Content }}' for index, oid in enumerate(oids))
    held = {True: "object { ...Content }", False: ""}
    asked = " ".join(f"f{index}: file(path: $p{index}) {{ oid mode type {held[whole]} }}" for index, whole in enumerate(shown))
    there = f'commit: object(oid: "{commit}") {{ ... on Commit {{ {asked} }} }}' if shown else ""
    used = CONTENT if oids or any(shown) else ""
    head = f"query Contents($owner: String!, $name: String!{declared})"
    return f"{head} {{ repository(owner: $owner, name: $name) {{ {blobs} {there} }} }}{used}"
