# SPDX-License-Identifier: Apache-2.0
# Install and export: find_package(segue CONFIG) and a segue.pc, both relocatable.
if(NOT TARGET segue)
  return()
endif()
if(SEGUE_FETCHED)
  message(STATUS "segue: install is off, because these were fetched, not found: ${SEGUE_FETCHED}")
  set(SEGUE_INSTALL OFF)
  return()
endif()
include(CMakePackageConfigHelpers)

set(SEGUE_CMAKE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/segue")
install(TARGETS segue EXPORT segueTargets
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/engine/include/segue"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.h")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

install(EXPORT segueTargets NAMESPACE segue:: DESTINATION "${SEGUE_CMAKE_DIR}")
configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/segueConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/segueConfig.cmake" INSTALL_DESTINATION "${SEGUE_CMAKE_DIR}")
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/segueConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/segueConfig.cmake"
  "${PROJECT_BINARY_DIR}/segueConfigVersion.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/Findutf8proc.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/Findlibstemmer.cmake"
  "${PROJECT_SOURCE_DIR}/cmake/Findzstd.cmake" DESTINATION "${SEGUE_CMAKE_DIR}")

# pkg-config names of what the library links. A static library's user needs them all; a shared
# library's user only those of the interface.
get_property(libs GLOBAL PROPERTY SEGUE_LIBS)
list(REMOVE_DUPLICATES libs)
set(private_requires)
set(private_libs "-pthread")
foreach(lib IN LISTS libs)
  if(lib MATCHES "^absl::(.*)$")
    list(APPEND private_requires absl_${CMAKE_MATCH_1})
  elseif(lib STREQUAL "simdjson::simdjson")
    list(APPEND private_requires simdjson)
  elseif(lib STREQUAL "Snappy::snappy")
    list(APPEND private_requires snappy)
  elseif(lib STREQUAL "zstd::libzstd")
    list(APPEND private_requires libzstd)
  elseif(lib STREQUAL "utf8proc::utf8proc")
    list(APPEND private_requires libutf8proc)
  elseif(lib STREQUAL "libstemmer::libstemmer")
    string(APPEND private_libs " -lstemmer")
  elseif(NOT lib MATCHES "^Threads::")
    message(WARNING "segue.pc does not know how to name ${lib}")
  endif()
endforeach()
list(JOIN private_requires ", " private_requires)
set(SEGUE_PC_REQUIRES "absl_status, absl_statusor, absl_strings")
set(SEGUE_PC_LIBS "-lsegue")
set(SEGUE_PC_PRIVATE "")
if(BUILD_SHARED_LIBS)
  string(APPEND SEGUE_PC_PRIVATE "Requires.private: ${private_requires}\n"
                                 "Libs.private: ${private_libs}")
else()
  string(APPEND SEGUE_PC_REQUIRES ", ${private_requires}")
  string(APPEND SEGUE_PC_LIBS " ${private_libs}")
endif()
# The prefix is written relative to the file itself, so that the tree can be moved.
file(RELATIVE_PATH SEGUE_PC_UP "/x/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/x")
string(REGEX REPLACE "/$" "" SEGUE_PC_UP "${SEGUE_PC_UP}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/segue.pc.in" "${PROJECT_BINARY_DIR}/segue.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/segue.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
