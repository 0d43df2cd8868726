a = <<EOT
text
 EOT more
b = 2
