target aws
size: "small"
port = 80 kind = "web"
3 = 4
secrets
= "value"
block "label" {
  inside = 1 }
unknown "a" "b" c {}
target = "aws"
port == 3
module "web" { a = 1, b = 2 }
}
after = true
