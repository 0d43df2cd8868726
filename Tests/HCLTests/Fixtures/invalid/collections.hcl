locals {
  no_comma  = ["a" "b", "c"]
  no_value  = [1, , 2]
  mismatch  = [1, (2], 3]
  equals    = { a 1, b = 2 }
  separator = { a = 1 b = 2 }
  colon     = { "a" }
  round     = [1, 2)
  unclosed  = ["A", "B"
  next      = 80
  brace     = ["A", "B"
}
locals {
  last = { a = 1
}
locals {
  call  = upper("a"
  after = [1 2,
    3
    4]
}
