# `cmake --install BUILD --prefix P` installs the program and what a grader of one's own in C++ is built with: the
# libraries of three rooms, their faces, and a package for find_package(headgate).

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/headgate)
set(library_rooms base domain grade)

install(TARGETS headgate RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
foreach(room IN LISTS library_rooms)
  set_target_properties(headgate_${room} PROPERTIES EXPORT_NAME ${room})
  install(TARGETS headgate_${room} EXPORT headgate-targets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/headgate/${room}
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/headgate COMPONENT library)
endforeach()

install(EXPORT headgate-targets NAMESPACE headgate:: DESTINATION ${package_dir} COMPONENT library)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/headgate-config-version.cmake
  VERSION ${PROJECT_VERSION} COMPATIBILITY SameMinorVersion)
install(FILES
    ${PROJECT_SOURCE_DIR}/cmake/headgate-config.cmake
    ${PROJECT_SOURCE_DIR}/cmake/library_dependencies.cmake
    ${PROJECT_BINARY_DIR}/headgate-config-version.cmake
  DESTINATION ${package_dir} COMPONENT library)
