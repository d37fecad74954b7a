# Compiler launcher, linker, warnings and sanitizers: how we compile, nothing about what.

find_program(HEADGATE_CCACHE ccache)
if(HEADGATE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${HEADGATE_CCACHE})
endif()
find_program(HEADGATE_MOLD mold)
if(HEADGATE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Fused multiply-adds would give other last digits on other processors, and decisions promise the same bytes.
add_compile_options(-ffp-contract=off)

if(HEADGATE_SANITIZE)
  add_compile_options(-fsanitize=${HEADGATE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${HEADGATE_SANITIZE})
  if(HEADGATE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
endif()

add_library(headgate_warnings INTERFACE)
target_compile_options(headgate_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wformat=2 -Wnon-virtual-dtor
  -Woverloaded-virtual $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
  # At -O2 this one speaks of inlined library code; at -O1, where warnings are errors, it does not.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${HEADGATE_WERROR}>>:-Wnull-dereference>
  $<$<BOOL:${HEADGATE_WERROR}>:-Werror>)
