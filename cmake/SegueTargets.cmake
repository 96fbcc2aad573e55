# SPDX-License-Identifier: Apache-2.0
# The helper functions that keep each folder's CMakeLists.txt to a few lines:
#   segue_layer(<layer> SOURCES a.cc … [DEPS base …] [LIBS Snappy::snappy …])
#   segue_test(<name> SOURCES a_test.cc … DEPS <layers> [LIBS …] [LABELS …] [THREADS cases]
#              [SHARDS n] [TIMEOUT seconds] [ENVIRONMENT A=b …] [DATA])
#   segue_fuzzer(<name> SOURCES a_fuzz.cc DEPS <layers> [CORPUS dir])
#   segue_binary(<target>)   the flags of this project for any other program or library

function(segue_flags target)
  target_compile_features(${target} PUBLIC cxx_std_20)
  set_target_properties(${target} PROPERTIES
    CXX_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  # A fused multiply-add would change score bits from machine to machine, hence -ffp-contract=off.
  target_compile_options(${target} PRIVATE -Wall -Wextra -ffp-contract=off)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms of gcc 12 on std::string's operator+ (gcc bug 105651), in precompiled headers of
    # four kinds: what it knows of system headers is lost there.
    target_compile_options(${target} PRIVATE -Wno-restrict -Wno-array-bounds -Wno-stringop-overflow
                           -Wno-stringop-overread)
  endif()
  if(SEGUE_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(SEGUE_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${SEGUE_SANITIZE} -fno-omit-frame-pointer
                           -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${SEGUE_SANITIZE})
    target_compile_definitions(${target} PRIVATE SEGUE_SANITIZED=1)
  endif()
  if(SEGUE_BUILD_FUZZERS)
    target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  if(SEGUE_COVERAGE)
    # Each program adds its counts to a file of its own when it ends.
    set(counts "-fprofile-instr-generate=${PROJECT_BINARY_DIR}/profiles/%1m.profraw")
    target_compile_options(${target} PRIVATE ${counts} -fcoverage-mapping)
    target_link_options(${target} PUBLIC ${counts})
  endif()
endfunction()

# Tests take a third less time to compile so; what has to be fast in them are the libraries that they
# call.
function(segue_compile_lightly target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# Reading the headers of Abseil and GoogleTest takes longer than most sources themselves, so they are
# read in a compiled form: one for libraries, one for tests. Each belongs to a target that has no
# other use, with the flags of those that share it. Not where segue is a part of another project: so
# a build remains in which the library's sources have only what they include (tests/consumer). And not for
# another machine (tests/simd/cross), where these headers are not.
function(segue_precompile target)
  if(CMAKE_CROSSCOMPILING OR NOT PROJECT_IS_TOP_LEVEL)
    return()
  endif()
  get_target_property(type ${target} TYPE)
  set(owner segue_library_headers)
  if(type STREQUAL "EXECUTABLE")
    set(owner segue_test_headers)
  endif()
  if(NOT TARGET ${owner})
    set(source "${PROJECT_BINARY_DIR}/${owner}.cc")
    file(CONFIGURE OUTPUT "${source}" CONTENT "int main() {}\n")
    if(type STREQUAL "EXECUTABLE")
      add_executable(${owner} EXCLUDE_FROM_ALL "${source}")
      target_link_libraries(${owner} PRIVATE GTest::gtest)
      segue_compile_lightly(${owner})
      set(gtest <gtest/gtest.h>)
    else()
      add_library(${owner} STATIC EXCLUDE_FROM_ALL "${source}")
    endif()
    segue_flags(${owner})
    target_link_libraries(${owner} PRIVATE absl::statusor)
    target_precompile_headers(${owner} PRIVATE <algorithm> <memory> <optional> <string> <utility>
                              <vector> <absl/status/statusor.h> ${gtest})
    segue_cache_precompiled(${owner})
  endif()
  target_precompile_headers(${target} REUSE_FROM ${owner})
  segue_cache_precompiled(${target})
endfunction()

# What ccache wants of them (beside the CCACHE_SLOPPINESS of ./run).
function(segue_cache_precompiled target)
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
    "$<$<CXX_COMPILER_ID:Clang>:SHELL:-Xclang -fno-pch-timestamp>")
endfunction()

# A layer: a static library segue_<layer> that tests and tools link, and whose objects go into
# the library `segue`.
function(segue_layer layer)
  cmake_parse_arguments(arg "" "" "SOURCES;DEPS;LIBS" ${ARGN})
  set(target segue_${layer})
  add_library(${target} STATIC ${arg_SOURCES})
  segue_flags(${target})
  target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}"
                                              "${PROJECT_SOURCE_DIR}/engine/include")
  list(TRANSFORM arg_DEPS PREPEND segue_)
  target_link_libraries(${target} PUBLIC absl::status absl::statusor absl::strings ${arg_DEPS}
                                  PRIVATE Threads::Threads ${arg_LIBS})
  target_compile_definitions(${target} PRIVATE SEGUE_BUILDING=1)
  if(SEGUE_SANITIZE)
    # Compilers are slow then: six files are one, with one copy of each header and template. So no
    # two files of a layer may give the same name to things of their own.
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # GCC takes an included source for a header, whose types may not have members of its own.
    target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
  segue_precompile(${target})
  set_property(GLOBAL APPEND PROPERTY SEGUE_LAYERS ${target})
  set_property(GLOBAL APPEND PROPERTY SEGUE_LIBS ${arg_LIBS})
endfunction()

# The product: all layers' objects in one library, static or shared as BUILD_SHARED_LIBS says.
# segue_internal links the layers themselves, for programs of this repository that look inside.
function(segue_library)
  get_property(layers GLOBAL PROPERTY SEGUE_LAYERS)
  get_property(libs GLOBAL PROPERTY SEGUE_LIBS)
  list(REMOVE_DUPLICATES libs)
  add_library(segue_internal INTERFACE)
  target_link_libraries(segue_internal INTERFACE ${layers})
  if(NOT layers)
    return()
  endif()
  set(objects)
  foreach(layer IN LISTS layers)
    list(APPEND objects $<TARGET_OBJECTS:${layer}>)
  endforeach()
  add_library(segue ${objects})
  add_library(segue::segue ALIAS segue)
  segue_flags(segue)
  set_target_properties(segue PROPERTIES LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION}
                        SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_include_directories(segue PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/engine/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(segue PUBLIC absl::status absl::statusor absl::strings
                              PRIVATE Threads::Threads ${libs})
  if(BUILD_SHARED_LIBS AND NOT APPLE)
    target_link_options(segue PRIVATE LINKER:--exclude-libs,ALL)
  endif()
endfunction()

function(segue_binary target)
  segue_flags(${target})
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
endfunction()

# One GoogleTest program <name>_test and one ctest entry for it (SHARDS n: n entries that share its
# cases). THREADS: those of its cases that start threads, as a filter of GoogleTest; they are what
# ThreadSanitizer runs. ./run test counts the single cases from the XML files that the programs write.
# Macros for tests: SEGUE_SOURCE_DIR (repository root) and SEGUE_BINARY_DIR (build folder).
function(segue_test name)
  if(NOT SEGUE_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "DATA" "SHARDS;TIMEOUT;THREADS" "SOURCES;DEPS;LIBS;LABELS;ENVIRONMENT" ${ARGN})
  set(target ${name}_test)
  add_executable(${target} ${arg_SOURCES})
  segue_binary(${target})
  list(TRANSFORM arg_DEPS PREPEND segue_)
  target_link_libraries(${target} PRIVATE ${arg_DEPS} ${arg_LIBS} GTest::gtest GTest::gtest_main)
  target_compile_definitions(${target} PRIVATE SEGUE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             SEGUE_BINARY_DIR="${PROJECT_BINARY_DIR}")
  segue_compile_lightly(${target})
  segue_precompile(${target})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 900)
  endif()
  if(NOT arg_SHARDS)
    set(arg_SHARDS 1)
  endif()
  if(arg_DATA)
    list(APPEND arg_LABELS data)
  endif()
  if(arg_THREADS)
    list(APPEND arg_LABELS threads)
    if(NOT TARGET threads_tests)
      add_custom_target(threads_tests)  # what ThreadSanitizer runs
    endif()
    add_dependencies(threads_tests ${target})
  endif()
  set(filter)
  if(arg_THREADS AND SEGUE_SANITIZE STREQUAL "thread")
    set(filter --gtest_filter=${arg_THREADS})
  endif()
  math(EXPR last "${arg_SHARDS} - 1")
  foreach(shard RANGE ${last})
    set(test ${name})
    set(environment ${arg_ENVIRONMENT})
    if(arg_SHARDS GREATER 1)
      set(test ${name}.${shard})
      list(APPEND environment GTEST_TOTAL_SHARDS=${arg_SHARDS} GTEST_SHARD_INDEX=${shard})
    endif()
    list(APPEND environment "GTEST_OUTPUT=xml:${PROJECT_BINARY_DIR}/test-results/${test}.xml")
    add_test(NAME ${test} COMMAND ${target} ${filter})
    set_tests_properties(${test} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
                         ENVIRONMENT "${environment}")
  endforeach()
endfunction()

# A fuzz target: SOURCES define LLVMFuzzerTestOneInput. With SEGUE_BUILD_FUZZERS it becomes the
# libFuzzer program fuzz_<name>; with SEGUE_BUILD_TESTS the ordinary test replay_<name> that feeds
# it every file of its corpus folder (default: corpus/<name> beside the CMakeLists.txt).
function(segue_fuzzer name)
  cmake_parse_arguments(arg "" "CORPUS" "SOURCES;DEPS;LIBS" ${ARGN})
  list(TRANSFORM arg_DEPS PREPEND segue_)
  if(NOT arg_CORPUS)
    set(arg_CORPUS "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${name}")
  endif()
  if(SEGUE_BUILD_FUZZERS)
    add_executable(fuzz_${name} ${arg_SOURCES})
    segue_binary(fuzz_${name})
    target_link_libraries(fuzz_${name} PRIVATE ${arg_DEPS} ${arg_LIBS})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    set_property(GLOBAL APPEND PROPERTY SEGUE_FUZZERS ${name}=${arg_CORPUS})
  endif()
  if(SEGUE_BUILD_TESTS)
    add_executable(replay_${name} ${arg_SOURCES} "${PROJECT_SOURCE_DIR}/cmake/fuzz_replay_main.cc")
    segue_binary(replay_${name})
    target_link_libraries(replay_${name} PRIVATE ${arg_DEPS} ${arg_LIBS})
    add_test(NAME replay_${name} COMMAND replay_${name} "${arg_CORPUS}")
    set_tests_properties(replay_${name} PROPERTIES TIMEOUT 600 LABELS fuzz)
  endif()
endfunction()
