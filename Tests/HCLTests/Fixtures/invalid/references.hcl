variable "size" {}
variable "region" {
  default = "eu-central-1"
}
variable {
  default = 1
}
locals {
  region = 1
  unknown   = local.regoin
  input     = var.size
  self      = local.self
  first     = [local.second]
  second    = "${local.third}"
  third     = { a = local.first }
  list      = ["a", "b"]
  object    = { small = 1 }
  element   = local.list[2]
  negative  = local.list[-1]
  member    = local.object.smal
  scalar    = var.region.name
  bare      = local
  null      = null
  template  = "a ${local.null} ${local.list} ${local.region}"
  key       = { "${local.list}" = 1, ok = 2 }
  twice     = { a = 1, "a" = 2 }
  broken    = "${local.unknown}-${local.unknown}"
  region    = 2
}
locals {
  list = []
}
