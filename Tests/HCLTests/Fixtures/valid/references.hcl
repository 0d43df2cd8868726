variable "environment" {
  type        = string
  description = "Where it runs"
  default     = "staging"

  validation {
    condition     = length(var.environment) > 2
    error_message = "Too short."
  }
}

variable "sizes" {
  type = map(object({ cpu = number, memory = string }))
  default = {
    small = { cpu = 1, memory = "2GiB" }
    big   = { cpu = 8, memory = "32GiB" }
  }
}

locals {
  domain   = "example.com"
  hostname = "chat.${var.environment}.${local.domain}"
  number   = 3
  text     = "${local.number}-${true}-${1.50}"
  same     = "${local.number}"
  object   = "${local.size}"
  size     = var.sizes.big
  memory   = var.sizes["small"].memory
  choice   = var.sizes[local.which].cpu
  which    = "big"
  networks = ["10.0.0.0/8", "192.168.0.0/16"]
  first    = local.networks[0]
  legacy   = local.networks.1
  nested   = [local.networks, { "${local.which}" = local.networks[1] }]
  all      = [for network in local.networks : upper(network)][*]
}
