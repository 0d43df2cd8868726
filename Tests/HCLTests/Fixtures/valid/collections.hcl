locals {
  empty_list   = []
  empty_object = {}
  list         = [1, "two", true, null, [3]]
  trailing     = ["a", "b", ]
  lines = [
    "a", # the first

    "b", // the second
    /* the third */ "c"
  ]
  object = { a = 1, b : "two", "c d" = [3], "e" : null }
  over_lines = {
    first  = 1 # no comma
    second = { deep = { deeper = [{ deepest = true }] } }

    third-key = 3,
    5         = "number"
    true      = "boolean"
    (local.key) = "reference"
    "${local.key}-2" = "template"
  }
  key = "computed"
}
