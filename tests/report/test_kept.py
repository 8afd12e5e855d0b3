"""Which texts may be kept: none that holds what would have to be hidden."""

import pytest

from bot.report.hidden import holds_secret


@pytest.mark.parametrize(
    "text",
    [
        'password = "Corr3ct-Horse"',
        '{"db_password": "x"}',
        "AKIA" + "QZ7WLM3TRX5VBN2C",
        'variable "pw" {\n  default   = "plain"\n  sensitive = true\n}\n',
        'variable "pw" {\n  sensitive = true\n  default = {\n    a = "plain"\n  }\n}\n',
        "-----BEGIN RSA PRIVATE KEY-----",
        *(
            f"x = {prefix}{'a8Fk2LmQ9xYzR4tUvW6nB1cD3eG5hJ7kP0sT'}"
            for prefix in ("ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_", "npm_")
        ),
        *(
            f"x = {prefix}a8Fk2LmQ9xYzR4tUvW6nB1cD3eG5hJ7k"
            for prefix in ("glpat-", "xoxb-", "AIza", "sk_live_", "ASIA" + "QZ7WLM3TRX5VBN2C")
        ),
        "x = eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.abc",
        "x = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzzKEY",
        *(
            f'{name} = "x"'
            for name in ("Pass", "passwd", "PassPhrase", "privatekey", "private_key", "ApiKey", "api_key", "access_key", "accesskey")
        ),
        *(
            f'{name} = "x"'
            for name in ("credential", "auth_key", "authkey", "connection_string", "ConnectionString", "sas", "pwd", "my_secret")
        ),
    ],
)
def test_a_text_with_a_secret(text: str) -> None:
    assert holds_secret(text)


@pytest.mark.parametrize(
    "text",
    [
        'password = "${var.password}"',
        "password = var.password",
        'variable "pw" {\n  sensitive = true\n}\nvariable "region" {\n  default = "eu-west-1"\n}\n',
        'variable "pw" {\n  sensitive = true\n  default   = null\n}\n',
        'cidr_blocks = ["0.0.0.0/0"]',
        "",
    ],
)
def test_a_text_without_one(text: str) -> None:
    assert not holds_secret(text)
