# SPDX-License-Identifier: Apache-2.0
# The stages of `./run ci`, sourced by run. Each stage is a function; all of them run even if one
# fails, and the summary says which and how long each took.
# SEGUE_CI_STAGES names the stages to run, default all; SEGUE_FUZZ_SECONDS the time per fuzzer.

stage_format() { command_format --check; }

stage_neon() { command_neon; }

# One clang tree serves AddressSanitizer, UndefinedBehaviorSanitizer and libFuzzer: its programs
# carry the fuzzer's coverage counters, which only the fuzzers use. Whole corpora would take too
# long in slow builds and were read by ./run test, so both sanitizer stages name no folder of theirs
# (unset, SEGUE_DATA would be the usual one). What runs is counted for the next stage, with one seed,
# so that it does not depend on the day what is covered.
stage_asan_ubsan() {
  export SEGUE_DATA= SEGUE_SEED="${SEGUE_SEED:-1}"
  SEGUE_COVERAGE=${SEGUE_COVERAGE:-ON} prepare_fuzz
  build build/fuzz
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
    UBSAN_OPTIONS=print_stacktrace=1 run_tests build/fuzz
}

# Of the tests of stage asan_ubsan. A few conditions are allowed for counts that threads lose
# (scripts/coverage.py); ./run coverage allows none.
stage_coverage() { scripts/coverage.py build/fuzz --allow 10; }

stage_fuzz() { run_fuzzers "${SEGUE_FUZZ_SECONDS:-5}"; }

# Only the programs whose tests are labelled `threads`.
stage_tsan() {
  export SEGUE_DATA= SEGUE_SEED="${SEGUE_SEED:-1}"
  install_packages build test ci
  configure build/tsan -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" \
    -DSEGUE_SANITIZE=thread -DSEGUE_BUILD_BENCHMARKS=OFF -DSEGUE_BUILD_TOOLS=OFF
  build build/tsan threads_tests
  TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1 run_tests build/tsan -L threads
}

# A shared library, installed, moved, and used by consumers, as the static one is in ./run test; then
# the sources. Both libraries are linked from the same objects, which the release tree has.
stage_consumers() {
  prepare_release ON
  build "$release" segue bin/segue
  tests/consumer/check.sh installed "$release"
  tests/consumer/check.sh subdirectory
}

stage_demo() { SEGUE_DEMO_SMALL=1 ./run demo </dev/null; }

summary=()
failed=0
for stage in ${SEGUE_CI_STAGES:-format neon asan_ubsan coverage fuzz tsan consumers demo}; do
  say "stage $stage"
  began=$SECONDS
  # A subshell, so that errexit holds inside and a failure ends only the stage.
  set +e
  (set -e; "stage_$stage")
  status=$?
  set -e
  [ "$status" = 0 ] && word=ok || { word=FAILED; failed=1; }
  summary+=("$(printf '%-12s %-7s %4d s' "$stage" "$word" $((SECONDS - began)))")
done
printf '%s\n' "${summary[@]}"
exit "$failed"
