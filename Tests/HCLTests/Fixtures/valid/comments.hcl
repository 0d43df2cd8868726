/* A comment
   of several lines */
locals { one_line = "yes" } // behind a block
// Above
locals {
  /* before */ a /* between */ = /* before the value */ 1 /* behind */ # at the end
  b = 2 // slashes
  # last
}
#
//
