# SPDX-License-Identifier: Apache-2.0
# join_descriptions.awk TRANSLATIONS AVAILABLE: writes the stanzas of AVAILABLE (apt-cache
# dumpavail) with the long description of TRANSLATIONS (Translation-en lists, may be empty) in place
# of the synopsis. The two belong together by the field Description-md5.

# A field starts in the first column; its further lines start with a blank.
FILENAME == ARGV[1] {
  if (/^Description-md5:/) { md5 = $2; text = "" }
  else if (/^Description-en:/) { text = substr($0, index($0, ":") + 2); inside = 1 }
  else if (/^ / && inside) text = text "\n" $0
  else inside = 0
  if (/^$/) { if (md5 != "" && text != "") long[md5] = text; md5 = text = ""; inside = 0 }
  next
}

function flush_stanza(    i) {
  if (count == 0) return
  for (i = 1; i <= count; ++i) {
    if (line[i] ~ /^Description(-en)?:/ && (key in long)) {
      print "Description: " long[key]
      while (line[i + 1] ~ /^ /) ++i
    } else print line[i]
  }
  print ""
  count = 0; key = ""
}

/^$/ { flush_stanza(); next }
{ line[++count] = $0; line[count + 1] = "" }
/^Description-md5:/ { key = $2 }
END { flush_stanza() }
