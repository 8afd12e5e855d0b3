resource "aws_security_group" "db" {
  name   = "orders-db"
  vpc_id = var.vpc_id
}

resource "aws_security_group_rule" "db" {
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = var.clients
  security_group_id = aws_security_group.db.id
}
