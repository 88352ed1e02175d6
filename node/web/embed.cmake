# SPDX-License-Identifier: Apache-2.0
# Puts the templates and assets into the program: node/web/embedded.h gives them by name. One file to install, and a
# running node never mixes the pages of two versions.
set(web ${CMAKE_CURRENT_SOURCE_DIR}/web)
set(made ${CMAKE_BINARY_DIR}/generated/node/web)
find_program(NPM npm REQUIRED)

# GOV.UK Frontend, in the version that the lock file pins.
set(frontend ${web}/frontend)
set(frontend_there ${frontend}/node_modules/.package-lock.json)
add_custom_command(
  OUTPUT ${frontend_there}
  COMMAND ${NPM} ci --prefix ${frontend} --ignore-scripts --no-audit --no-fund --silent
  DEPENDS ${frontend}/package.json ${frontend}/package-lock.json
  VERBATIM)
add_custom_command(
  OUTPUT ${made}/govuk.css ${made}/govuk.js
  COMMAND ${CMAKE_COMMAND} -DFROM=${frontend}/node_modules/govuk-frontend -DOUT=${made}
          -P ${frontend}/make_frontend.cmake
  DEPENDS ${frontend_there} ${frontend}/make_frontend.cmake
  VERBATIM)

file(GLOB web_files CONFIGURE_DEPENDS RELATIVE ${web} ${web}/templates/* ${web}/assets/*)
set(embedded "assets/govuk.css|${made}/govuk.css" "assets/govuk.js|${made}/govuk.js")
set(web_paths ${made}/govuk.css ${made}/govuk.js)
foreach(file IN LISTS web_files)
  list(APPEND embedded "${file}|${web}/${file}")
  list(APPEND web_paths ${web}/${file})
endforeach()
set(embedded_cc ${made}/embedded_files.cc)
add_custom_command(
  OUTPUT ${embedded_cc}
  COMMAND ${CMAKE_COMMAND} -DOUT=${embedded_cc} "-DFILES=${embedded}" -P ${web}/write_embedded.cmake
  DEPENDS ${web_paths} ${web}/write_embedded.cmake
  VERBATIM)
target_sources(ginnel_node PRIVATE ${embedded_cc})
