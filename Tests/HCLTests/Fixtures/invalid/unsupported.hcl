locals {
  call        = lookup(var.sizes, "a", [1, { b = ")" }])
  namespaced  = provider::time::now()
  sum         = 1 + 2
  minus       = -local.a
  negation    = !true
  equality    = var.a == "b"
  conditional = var.a ? "small" : "large"
  list_for    = [for s in var.list : upper(s) if s != ""]
  object_for  = { for k, v in var.map : k => v... }
  full_splat  = local.list[*].id
  splat       = local.list.*.id
  directive   = "%{if true}yes%{else}no%{endif}"
  strip       = "a ${~ local.a ~} b"
  strip_end   = "a ${local.a ~} b"
  part        = { a = 1 }.a
  data        = data.aws_ami.ubuntu.id
  resource    = aws_vpc.main.subnets[0].id
  word        = aws
  key         = { local.a = 1, (local.a) = 2 }
  each        = each.value.size
  inside      = ["a", upper("b"), { c = lower("D"), e = "${max(1, 2)}" }]
  heredoc     = <<EOT
    ${file("x")}
  EOT
  over_lines  = merge(
    local.a,
    { b = 2 }, # a comment with )
  )
}
