"""One command in a fresh process, measured by what the kernel accounts to it and to every process it waited for."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import NamedTuple

HOME = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "bot.cli.main")


SOURCES = (".tf", ".tofu", ".tf.json", ".tofu.json", ".tfvars", ".tfvars.json")
LOAD = """
import bot.cli.review, bot.engine.evaluation, time
from bot.cli import prepared
started = time.process_time()
rules = prepared.rules()
policy = bot.engine.evaluation.load_policy(rules, compiled=prepared.policy(), digest=prepared.digest(rules))
print(len(policy.rules), time.process_time() - started)
"""


class Cold(NamedTuple):
    """One run. `left`: processes of it that still run afterwards. `complaint`: what it wrote to standard error."""

    code: int
    cpu_ms: float
    elapsed_ms: float
    memory_mb: float
    left: int
    complaint: str


def measure(repository: str | Path, span: str) -> Cold:
    """`review` of the range, with a HOME that has never been used. Nothing is printed."""
    return _run(("review", span, "--repo", str(repository), "--plain"))


def measure_scan(directory: str) -> tuple[Cold, int]:
    """`scan` of a directory, and how many sources it holds."""
    sources = [path for path in Path(directory).rglob("*") if path.name.endswith(SOURCES) and ".terraform" not in path.parts]
    return _run(("scan", directory, "--plain")), len(sources)


class Loaded(NamedTuple):
    """The policy in a fresh process: CPU from when the engine is imported until the rules are there."""

    rules: int
    cpu_ms: float


def load_policy() -> Loaded:
    """Reads the rule files and makes the policy of them, as a command does."""
    done = subprocess.run([sys.executable, "-c", LOAD], env={"PYTHONPATH": str(HOME)}, check=True, capture_output=True, text=True)  # noqa: S603
    rules, seconds = done.stdout.split()
    return Loaded(int(rules), float(seconds) * 1000)


def _run(arguments: tuple[str, ...]) -> Cold:
    mark = uuid.uuid4().hex
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile() as errors:
        environment = {"PATH": os.environ["PATH"], "HOME": home, "PYTHONPATH": str(HOME), "COUNTERSIGN_BENCH": mark, "LC_ALL": "C.UTF-8"}
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*COMMAND, *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
        )  # fmt: skip
        _, status, used = os.wait4(process.pid, 0)
        elapsed = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        complaint = errors.read().decode("utf-8", "replace")
    cpu = (used.ru_utime + used.ru_stime) * 1000
    return Cold(process.returncode, cpu, elapsed * 1000, used.ru_maxrss / 1024, _left(mark), complaint)


def _left(mark: str) -> int:
    """Processes that were started with the mark in their environment."""
    found = 0
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += mark.encode() in environment.read_bytes()
        except OSError:
            continue
    return found


def sample_repository(place: Path) -> Path:
    """A clone with one change of a module: a root, two modules, twelve resources; the change opens a port and adds a bucket."""
    git = ["git", "-C", str(place), "-c", "user.name=bench", "-c", "user.email=bench@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run([*git, "init", "--quiet"], check=True)  # noqa: S603
    for number, files in enumerate((BEFORE, BEFORE | AFTER)):
        for path, text in files.items():
            (place / path).parent.mkdir(parents=True, exist_ok=True)
            (place / path).write_text(text)
        subprocess.run([*git, "add", "--all"], check=True)  # noqa: S603
        subprocess.run([*git, "commit", "--quiet", "--no-gpg-sign", "--message", f"change {number}"], check=True)  # noqa: S603
    return place


BEFORE = {
    "main.tf": """
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = { source = "hashicorp/aws", version = "~> 5.0" }
  }
}
provider "aws" {
  region = var.region
}
module "network" {
  source     = "./modules/network"
  name       = local.name
  cidr_block = "10.20.0.0/16"
  clients    = var.clients
}
module "service" {
  source   = "./modules/service"
  for_each = { api = "t3.small", web = "t3.micro" }
  name     = "${local.name}-${each.key}"
  size     = each.value
  subnet   = module.network.private_subnets[0]
  group    = module.network.group
}
""",
    "variables.tf": """
variable "region" {
  type    = string
  default = "eu-central-1"
}
variable "environment" {
  type    = string
  default = "staging"
}
variable "clients" {
  type    = list(string)
  default = ["10.0.0.0/8"]
}
locals {
  name = "shop-${var.environment}"
  tags = { environment = var.environment, owner = "platform" }
}
""",
    "README.md": "# Shop\n",
    "modules/network/main.tf": """
variable "name" {}
variable "cidr_block" {}
variable "clients" {
  type = list(string)
}
resource "aws_vpc" "this" {
  cidr_block           = var.cidr_block
  enable_dns_hostnames = true
}
resource "aws_subnet" "private" {
  count             = 3
  vpc_id            = aws_vpc.this.id
  cidr_block        = cidrsubnet(var.cidr_block, 4, count.index)
  availability_zone = element(["eu-central-1a", "eu-central-1b", "eu-central-1c"], count.index)
}
resource "aws_security_group" "this" {
  name   = var.name
  vpc_id = aws_vpc.this.id
  dynamic "ingress" {
    for_each = { https = 443, metrics = 9100 }
    content {
      description = ingress.key
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = var.clients
    }
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
output "private_subnets" {
  value = aws_subnet.private[*].id
}
output "group" {
  value = aws_security_group.this.id
}
""",
    "modules/service/main.tf": """
variable "name" {}
variable "size" {
  default = "t3.micro"
}
variable "subnet" {}
variable "group" {}
data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject", "s3:ListBucket"]
    resources = [aws_s3_bucket.assets.arn, "${aws_s3_bucket.assets.arn}/*"]
  }
}
resource "aws_iam_policy" "read" {
  name   = "${var.name}-read"
  policy = data.aws_iam_policy_document.read.json
}
resource "aws_instance" "this" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = var.size
  subnet_id              = var.subnet
  vpc_security_group_ids = [var.group]
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    encrypted = true
  }
}
resource "aws_s3_bucket" "assets" {
  bucket = "${var.name}-assets"
}
resource "aws_s3_bucket_public_access_block" "assets" {
  bucket                  = aws_s3_bucket.assets.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
""",
}
AFTER = {
    "modules/network/main.tf": BEFORE["modules/network/main.tf"].replace(
        "  egress {",
        """  ingress {
    description = "bastion"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {""",
    ),
    "modules/service/main.tf": BEFORE["modules/service/main.tf"]
    + """
resource "aws_s3_bucket" "logs" {
  bucket = "${var.name}-logs"
}
""",
}
