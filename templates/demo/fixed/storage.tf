resource "aws_s3_bucket" "exports" {
  bucket = "acme-order-exports"
}

resource "aws_s3_bucket_public_access_block" "exports" {
  bucket                  = aws_s3_bucket.exports.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# Encrypted at rest with the account's default key.
resource "aws_ebs_volume" "cache" {
  availability_zone = "eu-central-1a"
  size              = 100
  encrypted         = true
}
