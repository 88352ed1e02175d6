# SPDX-License-Identifier: Apache-2.0
# Puts the templates and assets into the program: node/web/embedded.h gives them by name. One file to install, and a
# running node never mixes the pages of two versions.
file(GLOB web_files CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/web
     ${CMAKE_CURRENT_SOURCE_DIR}/web/templates/* ${CMAKE_CURRENT_SOURCE_DIR}/web/assets/*)
list(TRANSFORM web_files PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/web/ OUTPUT_VARIABLE web_paths)
set(embedded_cc ${CMAKE_BINARY_DIR}/generated/node/web/embedded_files.cc)
add_custom_command(
  OUTPUT ${embedded_cc}
  COMMAND ${CMAKE_COMMAND} -DOUT=${embedded_cc} -DFOLDER=${CMAKE_CURRENT_SOURCE_DIR}/web "-DFILES=${web_files}"
          -P ${CMAKE_CURRENT_SOURCE_DIR}/web/write_embedded.cmake
  DEPENDS ${web_paths} ${CMAKE_CURRENT_SOURCE_DIR}/web/write_embedded.cmake
  VERBATIM)
target_sources(ginnel_node PRIVATE ${embedded_cc})
