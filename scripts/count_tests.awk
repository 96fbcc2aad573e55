# SPDX-License-Identifier: Apache-2.0
# Counts single test cases. Input: the JUnit file of ctest, one entry per program. A GoogleTest
# program also leaves results/<entry>.xml with its cases, which then count in its place. Prints the
# reasons of skipped cases, the names of failed ones, and the closing line
#   N passed, N failed, N skipped
# and exits with 1 if any failed. A program that crashed or hung counts as one more failure, because
# what it wrote, if anything, does not show it.

function attribute(line, name,    value) {
  if (!match(line, " " name "=\"[^\"]*\"")) return ""
  value = substr(line, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
  gsub(/&#x0A;/, " ", value); gsub(/&quot;/, "\"", value); gsub(/&apos;/, "'", value)
  gsub(/&lt;/, "<", value); gsub(/&gt;/, ">", value); gsub(/&amp;/, "\\&", value)
  return value
}

# Reads the cases of one GoogleTest program into passed, failed, skipped; returns how many failed,
# or -1 if there is no such file.
function read_cases(file,    line, name, state, seen, bad) {
  seen = 0; bad = 0; state = ""
  while ((getline line < file) > 0) {
    seen = 1
    if (line ~ /<testcase /) {
      name = attribute(line, "classname") "." attribute(line, "name")
      if (attribute(line, "status") == "notrun") continue   # disabled or filtered out
      ++passed
      state = "passed"
    } else if (line ~ /<failure / && state == "passed") {
      --passed; ++failed; ++bad
      state = "failed"
      failures[++failure_count] = name
    } else if (line ~ /<skipped/ && state == "passed") {
      --passed; ++skipped
      state = "skipped"
      reasons[++reason_count] = name ": " attribute(line, "message")
    }
  }
  close(file)
  return seen ? bad : -1
}

function finish_entry(    bad) {
  if (entry == "") return
  bad = read_cases(results "/" entry ".xml")
  if (entry_status == "fail" || (entry_status == "notrun" && entry_message !~ /SKIP/)) {
    if (bad <= 0) { ++failed; failures[++failure_count] = entry " (the whole program)" }
  } else if (bad < 0) {
    if (entry_status == "run") ++passed
    else { ++skipped; reasons[++reason_count] = entry ": " entry_message }
  }
  entry = ""
}

/<testcase / {
  finish_entry()
  entry = attribute($0, "name"); entry_status = attribute($0, "status"); entry_message = ""
}
/<skipped / { entry_message = attribute($0, "message") }
# A script that skips itself says why on its first line.
/<system-out>/ && entry_message ~ /^SKIP/ {
  sub(/^.*<system-out>/, ""); sub(/<\/system-out>.*$/, "")
  entry_message = entry_message " " $0
}

END {
  finish_entry()
  for (i = 1; i <= reason_count; ++i) print "skipped: " reasons[i]
  for (i = 1; i <= failure_count; ++i) print "FAILED: " failures[i]
  printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
  exit failed > 0
}
