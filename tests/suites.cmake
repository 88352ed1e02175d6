# SPDX-License-Identifier: Apache-2.0
# One test of CTest a suite of GoogleTest: to start a program for each of two thousand tests takes minutes.
#
# As a script, after a program is linked: cmake -D PROGRAM=.. -D PREFIX=node. -D OUT=.. -P suites.cmake
if(CMAKE_SCRIPT_MODE_FILE)
  execute_process(COMMAND ${PROGRAM} --gtest_list_tests OUTPUT_VARIABLE listed COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "(^|\n)[A-Za-z][^\n .]*\\." suites "${listed}")
  set(tests "")
  foreach(suite ${suites})
    string(REGEX REPLACE "^\n|\\.$" "" suite "${suite}")
    string(APPEND tests "add_test([=[${PREFIX}${suite}]=] [=[${PROGRAM}]=] [=[--gtest_filter=${suite}.*]=] --gtest_brief=1)\n"
      "set_tests_properties([=[${PREFIX}${suite}]=] PROPERTIES TIMEOUT 600)\n")
  endforeach()
  file(WRITE ${OUT} "${tests}")
  return()
endif()

function(ginnel_suites program prefix)
  set(listed ${CMAKE_CURRENT_BINARY_DIR}/${program}_suites.cmake)
  add_custom_command(TARGET ${program} POST_BUILD VERBATIM
    COMMAND ${CMAKE_COMMAND} -D PROGRAM=$<TARGET_FILE:${program}> -D PREFIX=${prefix} -D OUT=${listed}
            -P ${CMAKE_SOURCE_DIR}/tests/suites.cmake)
  # Before the program is there, CTest says that it is missing instead of running nothing.
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${program}_include.cmake
    "if(EXISTS [=[${listed}]=])\n  include([=[${listed}]=])\nelse()\n  add_test(${prefix}NOT_BUILT ${program}_NOT_BUILT)\nendif()\n")
  set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_CURRENT_BINARY_DIR}/${program}_include.cmake)
endfunction()
