# find_package(headgate): the target headgate::grade has the graders, their seam and the plugin loop.

include(${CMAKE_CURRENT_LIST_DIR}/library_dependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/headgate-targets.cmake)
