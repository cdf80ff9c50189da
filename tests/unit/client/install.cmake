# Installs the library into a fresh folder and builds the examples there with pkg-config, with the
# static archive and with the CMake package.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)

function(run)
	execute_process(COMMAND ${ARGN} RESULT_VARIABLE result OUTPUT_VARIABLE text
		ERROR_VARIABLE text WORKING_DIRECTORY ${WORK})
	if(NOT result EQUAL 0)
		message(FATAL_ERROR "${ARGN}: ${result}\n${text}")
	endif()
	set(output "${text}" PARENT_SCOPE)
endfunction()

file(MAKE_DIRECTORY ${WORK}/user)
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --component library)
file(GLOB_RECURSE pc ${prefix}/*/stafet.pc)
cmake_path(GET pc PARENT_PATH pc_folder)
# The file names the prefix of the configuration; pkg-config moves it to where the file lies.
run(${CMAKE_COMMAND} -E env PKG_CONFIG_PATH=${pc_folder}
	pkg-config --define-variable=prefix=${prefix} --cflags --libs stafet)
string(STRIP "${output}" flags)
separate_arguments(flags)
foreach(example receive verify)
	run(${COMPILER} -std=c17 -Wall -Wextra -Werror ${EXAMPLES}/${example}.c ${flags}
		-o ${WORK}/shared_${example})
endforeach()

file(GLOB_RECURSE archive ${prefix}/*/libstafet.a)
foreach(example receive verify)
	run(${COMPILER} -std=c17 ${EXAMPLES}/${example}.c -I${prefix}/include ${archive}
		-lprotobuf-c -lsodium -o ${WORK}/static_${example})
endforeach()

file(WRITE ${WORK}/user/CMakeLists.txt
	"cmake_minimum_required(VERSION 3.25)\nproject(user LANGUAGES C)\n"
	"find_package(stafet 0.1 REQUIRED)\nadd_executable(user ${EXAMPLES}/verify.c)\n"
	"target_link_libraries(user PRIVATE stafet::stafet)\n")
run(${CMAKE_COMMAND} -S ${WORK}/user -B ${WORK}/user/build -DCMAKE_PREFIX_PATH=${prefix}
	-DCMAKE_C_COMPILER=${COMPILER})
run(${CMAKE_COMMAND} --build ${WORK}/user/build)

# Without arguments an example says how it is used: it was linked and it starts.
foreach(program static_receive static_verify user/build/user)
	execute_process(COMMAND ${WORK}/${program} RESULT_VARIABLE result ERROR_VARIABLE text)
	if(NOT result EQUAL 2 OR NOT text MATCHES "usage")
		message(FATAL_ERROR "${program}: ${result} ${text}")
	endif()
endforeach()

# A file that is no evidence is not read, and a good one would need no daemon.
execute_process(COMMAND ${WORK}/static_verify ${CMAKE_CURRENT_LIST_FILE} RESULT_VARIABLE result
	OUTPUT_VARIABLE text)
if(NOT result EQUAL 1 OR text MATCHES "verified")
	message(FATAL_ERROR "static_verify: ${result} ${text}")
endif()

# Nothing but the public names.
file(GLOB_RECURSE shared ${prefix}/*/libstafet.so)
run(nm -D --defined-only ${shared})
string(REGEX REPLACE "\n$" "" output "${output}")
string(REPLACE "\n" ";" lines "${output}")
foreach(line IN LISTS lines)
	if(NOT line MATCHES " stafet_[a-z]")
		message(FATAL_ERROR "exported by accident: ${line}")
	endif()
endforeach()
