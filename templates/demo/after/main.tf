provider "aws" {
  region = "eu-central-1"
}

variable "vpc_id" {
  type = string
}

variable "admins" {
  description = "Networks of the administrators; set in the pipeline."
  type        = list(string)
}

module "network" {
  source = "./network"
  vpc_id = var.vpc_id
  admins = var.admins
}
