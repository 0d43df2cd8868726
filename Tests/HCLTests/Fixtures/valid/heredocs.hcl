locals {
  plain = <<EOT
first
  second \n stays
EOT
  flush = <<-EOT
      four
        six

      four again
    EOT
  none  = <<EOT
EOT
  name  = <<-END_OF-TEXT
    END
    # no comment
    "quoted" $${kept} %%{kept}
    END_OF-TEXT
  list = [<<-A
    in a list
    A
  , "and on"]
  part = <<-EOT
    ${local.word} begins
      ${local.word} is indented
    a ${local.word} b
  EOT
  word = "word"
  tabs = <<-EOT
	tab
	  tab and blanks
  EOT
}
