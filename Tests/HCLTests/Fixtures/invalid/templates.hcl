locals {
  empty    = "${}"
  unclosed = "${local.a"
  two      = "${local.a local.b} and ${ 'x' }"
  ends     = "${local.a
  heredoc  = <<-EOT
    ${local.a} and ${]}
  EOT
  point    = local.
  index    = local.a[
    0
  rest     = local.a[0 1]
}
