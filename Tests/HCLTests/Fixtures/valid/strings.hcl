locals {
  empty    = ""
  plain    = "librechat"
  escapes  = "a\tb\nc\r\"quoted\" \\ back"
  unicode  = "\u00e9\U0001F680 é 日本"
  dollars  = "$5 and 100% of $${name} and %%{if}"
  marks    = "# no comment // nor this /* nor this */"
  brackets = "[{(}"
  mixed    = "$ { % {"
  thrice   = "$$${b} %%%{q} 100%%{z} $$"
}
