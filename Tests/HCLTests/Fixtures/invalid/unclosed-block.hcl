module "web" {
  target = "aws"
  size {
    cpu = 2
