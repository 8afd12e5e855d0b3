"""Small pieces of Terraform in many spellings. `@word` stands for a literal drawn from a pool, `$` for the fragment's number.

`--- path` starts another file; what stands before the first goes into one of the root's own files.
"""

from __future__ import annotations

POOLS: dict[str, tuple[str, ...]] = {
    "prefix": ('"0.0.0.0/0"', '"10.0.0.0/8"', '"0.0.0.0/1"', '"128.0.0.0/1"', '"192.168.4.7/32"', '"::/0"'),
    "prefix4": ('"0.0.0.0/0"', '"10.0.0.0/8"', '"0.0.2.0/0"', '"203.0.113.0/24"'),
    "prefix6": ('"::/0"', '"2001:db8::/32"', '"0:0:0:0:0:0:0:0/0"'),
    "source": ('"*"', '"Internet"', '"0.0.0.0/0"', '"10.1.0.0/16"', '"VirtualNetwork"'),
    "low": ("0", "20", "22", "1433", "3306", '"22"'),
    "high": ("22", "443", "3389", "5432", "65535", '"3389"'),
    "range": ('"22"', '"3389"', '"20-25"', '"*"', '"443"', '"0-65535"'),
    "protocol": ('"tcp"', '"-1"', '"udp"', '"6"', '"all"'),
    "azure_protocol": ('"Tcp"', '"*"', '"Udp"'),
    "allow": ('"Allow"', '"Deny"'),
    "inbound": ('"Inbound"', '"Outbound"'),
    "ingress": ('"ingress"', '"egress"'),
    "effect": ('"Allow"', '"Deny"'),
    "action": ('"*"', '"s3:*"', '"s3:GetObject"', '"iam:PassRole"', '"ec2:Describe*"'),
    "arn": ('"*"', '"arn:aws:s3:::logs/*"', '"arn:aws:iam::123456789012:role/deploy"'),
    "principal": ('"*"', '"arn:aws:iam::123456789012:root"'),
    "bool": ("true", "false", '"true"'),
    "acl": ('"private"', '"public-read"', '"public-read-write"'),
    "size": ('"t3.micro"', '"m5.24xlarge"', '"db.t3.micro"'),
    "days": ("0", "1", "7", "365"),
    "count": ("0", "1", "2"),
    "secret": ('"correct-horse-battery"', '"AKIAIOSFODNN7EXAMPLE"'),
}

INGRESS = {
    "inline": """
resource "aws_security_group" "g$" {
  ingress {
    from_port        = @low
    to_port          = @high
    protocol         = @protocol
    cidr_blocks      = [@prefix4, @prefix4]
    ipv6_cidr_blocks = [@prefix6]
  }
}
""",
    "inline-attribute": """
resource "aws_security_group" "a$" {
  ingress = [{
    from_port = @low, to_port = @high, protocol = @protocol, cidr_blocks = [@prefix4]
    ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false, description = ""
  }]
}
""",
    "rule": """
resource "aws_security_group_rule" "r$" {
  type        = @ingress
  from_port   = @low
  to_port     = @high
  protocol    = @protocol
  cidr_blocks = [@prefix4]
}
""",
    "vpc-rule": """
resource "aws_vpc_security_group_ingress_rule" "v$" {
  cidr_ipv4   = @prefix4
  from_port   = @low
  to_port     = @high
  ip_protocol = @protocol
}
resource "aws_vpc_security_group_ingress_rule" "v6$" {
  cidr_ipv6   = @prefix6
  from_port   = @low
  to_port     = @high
  ip_protocol = @protocol
}
""",
    "dynamic": """
resource "aws_security_group" "d$" {
  dynamic "ingress" {
    for_each = [@low, @high]
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = @protocol
      cidr_blocks = [@prefix4]
    }
  }
}
""",
    "azure-inline": """
resource "azurerm_network_security_group" "n$" {
  security_rule {
    name                       = "in"
    priority                   = 100
    direction                  = @inbound
    access                     = @allow
    protocol                   = @azure_protocol
    source_port_range          = "*"
    destination_port_range     = @range
    source_address_prefix      = @source
    destination_address_prefix = "*"
  }
}
""",
    "azure-rule": """
resource "azurerm_network_security_rule" "z$" {
  direction               = @inbound
  access                  = @allow
  protocol                = @azure_protocol
  destination_port_ranges = [@range, @range]
  source_address_prefixes = [@source, @source]
}
""",
    "google": """
resource "google_compute_firewall" "f$" {
  source_ranges = [@prefix, @prefix]
  allow {
    protocol = @protocol
    ports    = [@range, @range]
  }
}
""",
}

IDENTITY = {
    "jsonencode": """
resource "aws_iam_policy" "p$" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = @effect, Action = [@action, @action], Resource = @arn }]
  })
}
""",
    "text": """
resource "aws_iam_role_policy" "t$" {
  policy = <<-EOT
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
  EOT
}
""",
    "document": """
data "aws_iam_policy_document" "s$" {
  statement {
    effect    = @effect
    actions   = [@action, @action]
    resources = [@arn]
  }
}
resource "aws_iam_policy" "s$" {
  policy = data.aws_iam_policy_document.s$.json
}
""",
    "bucket-policy": """
resource "aws_s3_bucket_policy" "b$" {
  bucket = "logs"
  policy = jsonencode({ Statement = [{ Effect = @effect, Principal = @principal, Action = @action, Resource = @arn }] })
}
""",
}

STORES = {
    "bucket": """
resource "aws_s3_bucket" "c$" {
  bucket = "bucket-$"
  acl    = @acl
}
""",
    "guarded-bucket": """
resource "aws_s3_bucket" "e$" {
  bucket = "guarded-$"
}
resource "aws_s3_bucket_public_access_block" "e$" {
  bucket                  = aws_s3_bucket.e$.id
  block_public_acls       = @bool
  block_public_policy     = @bool
  ignore_public_acls      = @bool
  restrict_public_buckets = @bool
}
resource "aws_s3_bucket_acl" "e$" {
  bucket = aws_s3_bucket.e$.id
  acl    = @acl
}
""",
    "database": """
resource "aws_db_instance" "h$" {
  instance_class          = @size
  storage_encrypted       = @bool
  publicly_accessible     = @bool
  backup_retention_period = @days
  password                = @secret
}
""",
    "machine": """
resource "aws_instance" "i$" {
  instance_type = @size
  ebs_block_device {
    device_name = "/dev/sdb"
    encrypted   = @bool
  }
  metadata_options {
    http_tokens = "optional"
  }
}
""",
    "account": """
resource "azurerm_storage_account" "k$" {
  allow_nested_items_to_be_public = @bool
  https_traffic_only_enabled      = @bool
  public_network_access_enabled   = @bool
}
resource "google_storage_bucket_iam_member" "k$" {
  bucket = "x"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
""",
}

FLOW = {
    "variable": """
variable "w$" {
  default = @prefix4
}
resource "aws_security_group_rule" "w$" {
  type        = "ingress"
  from_port   = @low
  to_port     = @high
  protocol    = "tcp"
  cidr_blocks = [var.w$]
}
""",
    "local": """
locals {
  open$  = [@prefix4, @prefix4]
  ports$ = { ssh = @low, other = @high }
}
resource "aws_vpc_security_group_ingress_rule" "l$" {
  for_each    = local.ports$
  cidr_ipv4   = local.open$[0]
  from_port   = each.value
  to_port     = each.value
  ip_protocol = "tcp"
}
""",
    "counted": """
resource "aws_security_group_rule" "m$" {
  count       = @count
  type        = "ingress"
  from_port   = 22
  to_port     = 22
  protocol    = "tcp"
  cidr_blocks = concat([@prefix4], count.index == 0 ? [@prefix4] : [])
}
""",
    "for-each": """
resource "aws_s3_bucket" "o$" {
  for_each = toset(["a", "b"])
  bucket   = "${each.key}-data"
  acl      = @acl
}
""",
    "conditional": """
variable "public$" {
  default = @bool
}
resource "aws_db_instance" "q$" {
  instance_class      = @size
  publicly_accessible = var.public$ ? @bool : @bool
  storage_encrypted   = !var.public$
}
""",
    "module": """
module "x$" {
  source = "./modules/x$"
  cidr   = @prefix4
  ports  = [@low, @high]
}
--- modules/x$/main.tf
variable "cidr" {
  type = string
}
variable "ports" {
  default = [80]
}
resource "aws_security_group" "this" {
  dynamic "ingress" {
    for_each = var.ports
    content {
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = [var.cidr]
    }
  }
}
""",
}

FRAGMENTS: dict[str, str] = INGRESS | IDENTITY | STORES | FLOW
