# SPDX-License-Identifier: Apache-2.0
# A program with one place of one source file changed, so that a test can show that it would see the fault:
#   ginnel_planted(NAME SOURCE FROM TO PART...)
# PARTs are the sources and objects of the program it is beside the libraries; the changed file stands before the library's,
# which is therefore compiled by itself.
function(ginnel_planted name source from to)
  file(READ ${CMAKE_SOURCE_DIR}/${source} text)
  string(FIND "${text}" "${from}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${source} has no `${from}` any more: change what is planted as ${name}")
  endif()
  string(REPLACE "${from}" "${to}" text "${text}")
  file(CONFIGURE OUTPUT ${name}.cc CONTENT "${text}" @ONLY)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${source})
  set_source_files_properties(${CMAKE_SOURCE_DIR}/${source} TARGET_DIRECTORY ginnel_node ginnel_federation
                              PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_executable(${name} ${ARGN} ${CMAKE_CURRENT_BINARY_DIR}/${name}.cc)
  target_link_libraries(${name} PRIVATE ginnel_node)
endfunction()
