# SPDX-License-Identifier: Apache-2.0
# Makes govuk.css and govuk.js in OUT from GOV.UK Frontend in FROM, without what belongs to GOV.UK services alone: the
# typeface and the coat of arms. Run by node/web/embed.cmake.
file(READ ${FROM}/package.json package)
string(JSON version GET "${package}" version)
set(notice "/*! govuk-frontend ${version}, MIT licence, (c) Crown copyright (Government Digital Service) */\n")
set(fonts "system-ui,-apple-system,\"Segoe UI\",Roboto,\"Liberation Sans\",arial,sans-serif")

file(READ ${FROM}/dist/govuk/govuk-frontend.min.css css)
string(REGEX REPLACE "@font-face{[^}]*}" "" css "${css}")
string(REGEX REPLACE "/\\*[^*]*\\*/" "" css "${css}")
string(REGEX REPLACE "url\\(/assets/images/govuk-crest\\.svg\\)" "none" css "${css}")
string(REPLACE "GDS Transport,arial,sans-serif" "${fonts}" css "${css}")
foreach(unwanted "url(" "GDS Transport" "@import")
  string(FIND "${css}" "${unwanted}" at)
  if(NOT at EQUAL -1)
    message(FATAL_ERROR "govuk-frontend ${version} has `${unwanted}` in a place that make_frontend.cmake does not know")
  endif()
endforeach()
string(REGEX REPLACE "^@charset \"UTF-8\";" "" css "${css}")
file(WRITE ${OUT}/govuk.css "${notice}${css}\n")

# Copied byte by byte but for the name of a map that is not here: CMake's lists would change what is between brackets.
file(READ ${FROM}/dist/govuk/govuk-frontend.min.js js)
string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" js "${js}")
file(WRITE ${OUT}/govuk.js "${notice}${js}\n")
