locals {
  a = "windows"
  b = <<EOT
line
EOT
  c = [
    1,
    2
  ]
}
