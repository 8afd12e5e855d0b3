"""Terraform and OpenTofu: parse, evaluate, modules."""
