# Runs COMMAND (a list) and demands exit status STATUS and an output, on stdout or stderr, that matches OUTPUT.
execute_process(COMMAND ${COMMAND} RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err)
set(text "${out}${err}")
if(NOT status STREQUAL STATUS)
  message(FATAL_ERROR "exit status ${status}, expected ${STATUS}; it said:\n${text}")
endif()
if(NOT text MATCHES "${OUTPUT}")
  message(FATAL_ERROR "expected output like\n  ${OUTPUT}\nbut it said:\n${text}")
endif()
