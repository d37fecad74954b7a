# headgate_room(NAME DEPS <rooms> FACE_LIBS <libraries> LIBS <libraries>)
#
# A room is include/headgate/NAME (its face), src/NAME (its inside) and one static library. It may use only rooms that
# are already defined, so the order of calls in src/CMakeLists.txt is the architecture. Each room sees the headers of
# the rooms it names and of theirs, through include roots of their own; any other headgate header is "not found".
function(headgate_room name)
  cmake_parse_arguments(ROOM "" "" "DEPS;FACE_LIBS;LIBS" ${ARGN})
  foreach(dep IN LISTS ROOM_DEPS)
    if(NOT TARGET headgate_${dep})
      message(FATAL_ERROR "room '${name}' may not use '${dep}': it is not defined before it")
    endif()
  endforeach()
  list(TRANSFORM ROOM_DEPS PREPEND headgate_)

  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  add_library(headgate_${name} STATIC ${sources})

  set(root ${PROJECT_BINARY_DIR}/include_roots/${name})
  file(MAKE_DIRECTORY ${root}/headgate)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/headgate/${name} ${root}/headgate/${name} SYMBOLIC)
  target_include_directories(headgate_${name} 
    PUBLIC $<BUILD_INTERFACE:${root}> $<INSTALL_INTERFACE:include>
    PRIVATE ${PROJECT_SOURCE_DIR}/src/${name})
  target_compile_definitions(headgate_${name} PRIVATE JSON_USE_IMPLICIT_CONVERSIONS=0)
  target_link_libraries(headgate_${name}
    PUBLIC ${ROOM_DEPS} ${ROOM_FACE_LIBS}
    PRIVATE $<BUILD_INTERFACE:headgate_warnings> ${ROOM_LIBS})
endfunction()
