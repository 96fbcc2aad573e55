# SPDX-License-Identifier: Apache-2.0
# Every third-party package in one place. The targets that the rest of the build uses:
#   absl::status absl::statusor …   public (absl::Status is part of the interface)
#   simdjson::simdjson              base: JSON in
#   utf8proc::utf8proc              text: case mapping, normal forms
#   libstemmer::libstemmer          text: Snowball stemmers
#   Snappy::snappy                  format: stored fields
#   zstd::libzstd                   format: stored fields, for who asks for it
#   CLI11::CLI11                    tools, bench
#   libedit::libedit                tools only
#   GTest::gtest GTest::gtest_main  tests only
#   benchmark::benchmark            bench only
# With SEGUE_FETCH_MISSING, a package that is not on the system is downloaded and built.
include(FetchContent)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# segue_need(<package> <git url> <tag> [SOURCE_SUBDIR folder]): finds a package, or fetches it if
# allowed. A macro, because find_package defines variables for its caller.
macro(segue_need package url tag)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    if(NOT SEGUE_FETCH_MISSING)
      message(FATAL_ERROR "segue needs ${package}. On Debian, ./run install-packages installs what "
              "packages.txt lists; elsewhere, configure with -DSEGUE_FETCH_MISSING=ON.")
    endif()
    message(STATUS "segue: fetching ${package} ${tag}")
    string(TOLOWER ${package} segue_fetch_name)
    FetchContent_Declare(${segue_fetch_name} GIT_REPOSITORY ${url} GIT_TAG ${tag} GIT_SHALLOW ON
                         ${ARGN})
    FetchContent_MakeAvailable(${segue_fetch_name})
    list(APPEND SEGUE_FETCHED ${package})
  endif()
endmacro()

# What the fetched projects should not build along. (Normal variables: their own options obey.)
set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
set(ABSL_PROPAGATE_CXX_STD ON)
set(SNAPPY_BUILD_TESTS OFF)
set(SNAPPY_BUILD_BENCHMARKS OFF)
set(SNAPPY_INSTALL OFF)
set(ZSTD_BUILD_PROGRAMS OFF)
set(ZSTD_BUILD_SHARED OFF)
set(ZSTD_LEGACY_SUPPORT OFF)
set(BENCHMARK_ENABLE_TESTING OFF)
set(BENCHMARK_ENABLE_INSTALL OFF)
set(INSTALL_GTEST OFF)

segue_need(absl https://github.com/abseil/abseil-cpp.git 20220623.1)
segue_need(simdjson https://github.com/simdjson/simdjson.git v3.0.1)
segue_need(Snappy https://github.com/google/snappy.git 1.1.10)
if(TARGET snappy AND NOT TARGET Snappy::snappy)
  target_include_directories(snappy INTERFACE $<BUILD_INTERFACE:${snappy_BINARY_DIR}>)
  add_library(Snappy::snappy ALIAS snappy)
endif()
segue_need(zstd https://github.com/facebook/zstd.git v1.5.4 SOURCE_SUBDIR build/cmake)
if(TARGET libzstd_static AND NOT TARGET zstd::libzstd)
  add_library(zstd::libzstd ALIAS libzstd_static)
endif()
segue_need(utf8proc https://github.com/JuliaStrings/utf8proc.git v2.8.0)
if(TARGET utf8proc AND NOT TARGET utf8proc::utf8proc)
  add_library(utf8proc::utf8proc ALIAS utf8proc)
endif()
segue_need(libstemmer https://github.com/snowballstem/snowball.git v2.2.0)
if(NOT TARGET libstemmer::libstemmer)
  # Snowball has no CMake build: its own makefile (make, perl) generates and compiles the stemmers.
  add_custom_command(OUTPUT "${libstemmer_SOURCE_DIR}/libstemmer.a"
    COMMAND make -C "${libstemmer_SOURCE_DIR}" -s "CFLAGS=-O2 -fPIC" libstemmer.a)
  add_custom_target(segue_libstemmer_build DEPENDS "${libstemmer_SOURCE_DIR}/libstemmer.a")
  add_library(segue_libstemmer INTERFACE)
  add_dependencies(segue_libstemmer segue_libstemmer_build)
  target_include_directories(segue_libstemmer INTERFACE "${libstemmer_SOURCE_DIR}/include")
  target_link_libraries(segue_libstemmer INTERFACE "${libstemmer_SOURCE_DIR}/libstemmer.a")
  add_library(libstemmer::libstemmer ALIAS segue_libstemmer)
endif()

if(SEGUE_BUILD_TOOLS OR SEGUE_BUILD_BENCHMARKS)
  segue_need(CLI11 https://github.com/CLIUtils/CLI11.git v2.3.2)
  find_package(libedit QUIET)  # without it the shell reads plain lines
endif()
if(SEGUE_BUILD_TESTS)
  segue_need(GTest https://github.com/google/googletest.git release-1.12.1)
endif()
if(SEGUE_BUILD_BENCHMARKS)
  segue_need(benchmark https://github.com/google/benchmark.git v1.7.1)
endif()
