# Each folder of src/ is one static library; each file of tests/unit/ is one program.

# sf_library(base SOURCES a.c b.c [USES core ...] [EXTERNAL PkgConfig::X ...])
# USES names rooms of the house (DESIGN section 3), EXTERNAL the one place a third party is seen.
function(sf_library name)
	cmake_parse_arguments(ARG "" "" "SOURCES;USES;EXTERNAL" ${ARGN})
	add_library(sf_${name} STATIC ${ARG_SOURCES})
	target_include_directories(sf_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
	target_link_libraries(sf_${name} PRIVATE sf_warnings)
	foreach(room IN LISTS ARG_USES)
		target_link_libraries(sf_${name} PUBLIC sf_${room})
	endforeach()
	target_link_libraries(sf_${name} PRIVATE ${ARG_EXTERNAL})
endfunction()

# The programs with threads: `cmake --build --preset tsan --target threads` builds these alone.
add_custom_target(threads)

# sf_test(base/bytes USES base [EXTERNAL ...] [SOURCES extra.c ...] [THREADS])
# Builds tests/unit/base/bytes_test.c and registers it as the CTest unit/base/bytes. THREADS says
# that it runs more than one: deploy/check then runs it under the thread sanitizer too.
function(sf_test path)
	cmake_parse_arguments(ARG "THREADS" "" "SOURCES;USES;EXTERNAL" ${ARGN})
	string(REPLACE "/" "_" target "unit_${path}")
	add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/unit/${path}_test.c ${ARG_SOURCES})
	target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
	foreach(room IN LISTS ARG_USES)
		target_link_libraries(${target} PRIVATE sf_${room})
	endforeach()
	target_link_libraries(${target} PRIVATE sf_warnings PkgConfig::CMOCKA ${ARG_EXTERNAL})
	target_compile_definitions(${target} PRIVATE SF_TESTS_DIR="${PROJECT_SOURCE_DIR}/tests")
	add_test(NAME unit/${path} COMMAND ${target})
	set_tests_properties(unit/${path} PROPERTIES TIMEOUT 300)
	if(ARG_THREADS)
		set_tests_properties(unit/${path} PROPERTIES LABELS threads)
		add_dependencies(threads ${target})
	endif()
endfunction()
