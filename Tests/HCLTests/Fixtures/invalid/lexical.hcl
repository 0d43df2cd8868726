locals {
  unclosed = "text
  single   = 'aws'
  escape   = "a\qb"
  code     = "\u12G4 \UFFFFFFFF"
  number   = 4GiB
  dots     = 1.2.3
  exponent = 1e
  huge     = 1e999
  marker   = <<EOT text
  good     = 1
}
b = /* open
