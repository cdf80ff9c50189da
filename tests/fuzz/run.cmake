# Runs one libFuzzer program: first the committed corpus, then new inputs for SF_FUZZ_SECONDS.
# -DPROGRAM= -DCORPUS= (only read) -DWORK= (new inputs, and what failed)

cmake_minimum_required(VERSION 3.25)
set(seconds 20)
if(DEFINED ENV{SF_FUZZ_SECONDS})
	set(seconds $ENV{SF_FUZZ_SECONDS})
endif()
if(NOT seconds MATCHES "^[1-9][0-9]*$")
	message(FATAL_ERROR "SF_FUZZ_SECONDS is a number of seconds, not '${seconds}'")
endif()

file(GLOB inputs "${CORPUS}/*")
list(LENGTH inputs count)
if(count EQUAL 0)
	message(FATAL_ERROR "no corpus in ${CORPUS}")
endif()
file(MAKE_DIRECTORY ${WORK}/new ${WORK}/failed)

set(limits -timeout=10 -rss_limit_mb=1024 -artifact_prefix=${WORK}/failed/)
execute_process(COMMAND ${PROGRAM} ${limits} ${inputs} RESULT_VARIABLE status
	OUTPUT_VARIABLE told ERROR_VARIABLE told)
if(NOT status EQUAL 0)
	message("${told}")
	message(FATAL_ERROR "an input of the committed corpus fails")
endif()

message(STATUS "${count} committed inputs hold; ${seconds} s of new ones")
execute_process(COMMAND ${PROGRAM} ${limits} -max_total_time=${seconds} -verbosity=0
	-print_final_stats=1 ${WORK}/new ${CORPUS} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "a new input fails; it stands in ${WORK}/failed. "
		"Put it into ${CORPUS} together with the repair")
endif()
