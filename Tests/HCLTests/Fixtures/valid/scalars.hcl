# Numbers, booleans and null.
locals {
  zero      = 0
  port      = 8080
  negative  = -17
  fraction  = 0.250
  exponent  = 12e3
  small     = 25e-1
  positive  = 1E+2
  long      = 9223372036854775807
  yes       = true
  no        = false
  nothing   = null
  enclosed  = (42)
  spread    = (
    # A comment inside
    "over lines"
  )
}
