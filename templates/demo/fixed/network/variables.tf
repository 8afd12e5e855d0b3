variable "vpc_id" {
  type = string
}

variable "admins" {
  description = "Networks of the administrators."
  type        = list(string)
}

variable "clients" {
  description = "Networks that may reach the orders database."
  type        = list(string)
  default     = ["10.20.0.0/16"]
}
