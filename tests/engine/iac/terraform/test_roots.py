"""Which directories are roots, which modules they reach, and what else they read."""

from __future__ import annotations

from bot.engine.iac.terraform import Root, find_roots

CALL = 'module "m" {\n  source = "%s"\n}\n'


def found(files: dict[str, str]) -> dict[str, Root]:
    return {root.directory: root for root in find_roots({path: text.encode() for path, text in files.items()})}


def test_a_directory_that_another_one_calls_is_no_root() -> None:
    roots = found({"envs/a/main.tf": CALL % "../../m", "m/main.tf": CALL % "./n/", "m/n/main.tf": "", "envs/b/main.tf": ""})
    assert {directory: root.directories for directory, root in roots.items()} == {"envs/a": ("envs/a", "m", "m/n"), "envs/b": ("envs/b",)}


def test_no_directory_vanishes_in_a_circle() -> None:
    roots = found({"a/main.tf": CALL % "../b", "b/main.tf": CALL % "../a", "c/main.tf": CALL % "../c"})
    assert {directory for root in roots.values() for directory in root.directories} == {"a", "b", "c"}
    assert sorted(roots) == ["a", "c"]


def test_only_the_source_of_a_module_call_counts() -> None:
    for text in (
        'resource "x" "y" {\n  source = "./m"\n}\n',
        '# module "m" {\n#  source = "./m"\n# }\n',
        '/*\nmodule "m" {\n  source = "./m"\n}\n*/\n',
        'resource "x" "y" {\n  script = <<EOT\nmodule "m" {\n  source = "./m"\n}\nEOT\n}\n',
        'module "m" {\n  source = "terraform-aws-modules/m/aws"\n}\nresource "x" "y" {\n  source = "./m"\n}\n',
    ):
        assert sorted(found({"main.tf": text, "m/main.tf": ""})) == ["", "m"], text


def test_spellings_of_a_call() -> None:
    for text in (
        'module "m" { source = "./m" }\n',
        'module "m" {\n  providers = {\n    aws = aws.x\n  }\n  source   =   "./m/"\n}\n',
        'module m {\n  source = "./m"\n}\n',
        'module "m"\t{\r\n\tsource = "./m"\r\n}\r\n',
        '# */ <<\nmodule "m" {\n  policy = <<-EOT\n    "/*\n    EOT\n  source = "./m"\n}\n',
        'locals {\n  a = "${var.b}/*"\n}\n/* a\nb */ module "m" {\n  source = "./m"\n}\n',
        'locals {\n  a = "${lookup(var.b, "/*")}"\n}\nmodule "m" {\n  source = "./m"\n}\n',
        'locals {\n  a = <<A\n${<<B\nx\nB\n}\nA\n}\nmodule "m" {\n  source = "./m"\n}\n',
        'module "m" {\n  policy = <<EOT\nEOT\n  source = "./m"\n}\n',
    ):
        assert sorted(found({"main.tf": text, "m/main.tf": ""})) == [""], text
    assert sorted(found({"main.tf.json": '{"module": {"m": {"source": "./m"}}}', "m/main.tf": ""})) == [""]


def test_downloaded_modules_and_other_files_are_not_sources() -> None:
    assert sorted(found({"a/.terraform/modules/x/main.tf": "", "a/main.tf": "", "b/x.tftest.hcl": "", "c/x.tfvars": ""})) == ["a"]


def test_inputs() -> None:
    text = (
        'locals {\n  a = file("${path.module}/a.json")\n  b = templatefile("b.tpl", {})\n  c = file(var.x)\n  d = file("/etc/passwd")\n}\n'
    )
    files = {"r/main.tf": CALL % "./m", "r/m/main.tf": text, "r/terraform.tfvars": "", "r/env/prod.tfvars": "", "other/x.tfvars": ""}
    assert found(files)["r"].inputs == ("r/b.tpl", "r/env/prod.tfvars", "r/m/a.json", "r/terraform.tfvars")


def test_what_looks_like_a_module() -> None:
    assert found({"main.tf": 'variable "a" {}\n'})[""].is_module
    assert not found({"main.tf": 'variable "a" {}\n', "x.tfvars": "a = 1\n"})[""].is_module
    assert not found({"main.tf": 'variable "a" {}\nprovider "aws" {}\n'})[""].is_module
    assert not found({"main.tf": 'terraform {\n  backend "s3" {}\n}\n'})[""].is_module
