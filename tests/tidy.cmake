# Holds the house to its plan: cmake -P tests/tidy.cmake, from anywhere, without a build.
#
# The tables below are the law; tests/lint/ reads sources against them and tests/tidy_selftest.cmake
# proves that every kind of finding can be made. Findings are printed as file:line: what.

cmake_minimum_required(VERSION 3.25)
if(NOT DEFINED SF_ROOT)
	get_filename_component(SF_ROOT "${CMAKE_CURRENT_LIST_DIR}/.." ABSOLUTE)
endif()
set(lint "${CMAKE_CURRENT_LIST_DIR}/lint")

# --- The floor plan (DESIGN.md section 3): which rooms' headers a room may include. ------------
# Arrows only point down. log and audit stand under the two engines, which keep and check the log with
# them; client verifies evidence without a daemon, and so sees what that takes (crypto, os for zones);
# text stands under format and http, view (JSON of replies) under every face that gives it. No other
# adapter sees an adapter; only cmd sees both sides of a port.
set(rooms
	"base:"
	"core:        base"
	"wire:        base core"
	"port:        base core wire"
	"log:         base core wire port"
	"audit:       base core wire port log"
	"door:        base core wire port log audit"
	"node:        base core wire port log audit door"
	"coordinator: base core wire port log audit door"
	"text:        base"
	"tls:         base"
	"timeline:    base core wire text"
	"view:        base core wire port log audit text timeline"
	"format:      base core wire port text"
	"crypto:      base core wire port"
	"store:       base core wire port"
	"transport:   base core wire port"
	"os:          base core wire port"
	"turn:        base core wire port log audit door node coordinator"
	"http:        base core wire port log audit door node coordinator text tls timeline view"
	"local:       base core wire port log audit door node coordinator"
	"bridge:      base core wire port log audit door node text tls view"
	"client:      base core wire port log audit crypto os"
	"cmd:         base core wire port log audit door node coordinator text tls timeline view format crypto store transport os turn http local bridge client"
)

# No clock, randomness, file, socket, thread, environment, locale or log output in these.
set(pure_rooms base core port wire log audit door node coordinator)
set(pure_system_headers
	inttypes.h limits.h stdalign.h stdarg.h stdbool.h stddef.h stdint.h stdio.h stdlib.h
	stdnoreturn.h string.h)

# --- Third parties: each is seen by one room. ---------------------------------------------------
set(third_parties
	"sqlite3.h store" "libpq-fe.h store" "zmq.h transport" "sodium.h crypto" "microhttpd.h http" "gnutls/gnutls.h tls+bridge" "gnutls/x509.h tls"
	"jansson.h text" "expat.h text" "curl/curl.h bridge" "confuse.h os"
	"protobuf-c/protobuf-c.h wire" "*.pb-c.h wire")

# --- Calls nobody makes. Rooms after the reason are excused. ------------------------------------
set(banned_calls
	"strcpy|no bound: use memcpy of a checked size"
	"strcat|no bound: use sf_buf_append_text"
	"strncpy|leaves text unterminated: use memcpy of a checked size"
	"strncat|its bound is not the buffer's: use sf_buf_append_text"
	"sprintf|no bound: use snprintf or sf_buf_printf"
	"vsprintf|no bound: use vsnprintf"
	"gets|no bound"
	"strtok|hidden state: walk a view"
	"atoi|no error: parse and check"
	"atol|no error: parse and check"
	"atoll|no error: parse and check"
	"atof|no error, and the locale decides"
	"rand|chance comes from struct sf_env"
	"srand|chance comes from struct sf_env"
	"random|chance comes from struct sf_env"
	"alloca|no bound: use an arena"
	"system|no shell is ever started"
	"popen|no shell is ever started"
	"tmpnam|a race: use mkstemp or mkdtemp"
	"mktemp|a race: use mkstemp or mkdtemp"
	"sleep|nothing waits for time: poll with a bound"
	"usleep|nothing waits for time: poll with a bound"
	"nanosleep|nothing waits for time: poll with a bound"
	"clock_nanosleep|nothing waits for time: poll with a bound"
	"thrd_sleep|nothing waits for time: poll with a bound"
	"zmq_sleep|nothing waits for time: poll with a bound"
	"localtime|hidden state: use localtime_r"
	"gmtime|hidden state: use sf_time_civil or gmtime_r"
	"ctime|hidden state: use sf_time_format"
	"asctime|hidden state: use sf_time_format"
	"assert|compiled out: use SF_ASSERT"
	"setjmp|control flow stays visible"
	"longjmp|control flow stays visible")

# Calls pure rooms do not make on top of those.
set(banned_pure_calls
	printf fprintf vprintf vfprintf dprintf puts fputs putchar fputc putc perror fopen fdopen
	freopen fclose fread fwrite fflush fgets fgetc getc getchar scanf fscanf remove rename tmpfile
	getenv secure_getenv setenv time clock clock_gettime gettimeofday timespec_get strftime
	localtime_r gmtime_r mktime setlocale strcoll strerror exit _exit abort)
# The one message a pure room may print: why it aborts.
set(pure_excused src/base/check.c)

# --- Lengths (STYLE.md). --------------------------------------------------------------------------
set(file_lines_max 600)
set(function_lines_max 70)

# Unit tests that hold a whole room against something outside it, and so mirror no source: published
# vectors, the contract of a port that every adapter keeps, golden files, generated code, and a storm
# of what is due at once.
set(room_wide_tests
	crypto/wycheproof store/conformance wire/golden wire/local_tables coordinator/storm)

# Words that say nothing, as file names.
set(banned_names util utils helper helpers common misc manager stuff)

# Published test persons of the Danish standards bodies, whose numbers tests may quote. Every other
# number in a test has day + 60, so that it cannot be anybody's.
set(test_persons 2509479989)

# --- The check ------------------------------------------------------------------------------------
set(patterns)
foreach(folder src include tests proto deploy cmake .ci)
	foreach(ending c h py proto sql scn cmake txt md sh html js css conf service)
		list(APPEND patterns "${SF_ROOT}/${folder}/*.${ending}")
	endforeach()
endforeach()
file(GLOB_RECURSE files LIST_DIRECTORIES false RELATIVE "${SF_ROOT}" ${patterns})
file(GLOB scripts LIST_DIRECTORIES false RELATIVE "${SF_ROOT}"
	"${SF_ROOT}/deploy/*" "${SF_ROOT}/.ci/*" "${SF_ROOT}/*.md" "${SF_ROOT}/CMakeLists.txt")
list(APPEND files ${scripts})
list(REMOVE_DUPLICATES files)
# What others wrote, what generators wrote and what parsers are tortured with is not ours to style.
list(FILTER files EXCLUDE REGEX
	"^tests/(samples|vectors|golden|fuzz/corpus|lint)/|^tests/tidy|/(node_modules|__pycache__|dist|console/built)/")
list(SORT files)

set(findings)
foreach(name IN LISTS files)
	get_filename_component(word "${name}" NAME_WE)
	if(word IN_LIST banned_names)
		string(APPEND findings "${name}:1: the name '${word}' says nothing about what is inside\n")
	endif()
endforeach()

file(GLOB folders LIST_DIRECTORIES true RELATIVE "${SF_ROOT}/src" "${SF_ROOT}/src/*")
set(known_rooms)
foreach(line IN LISTS rooms)
	string(REGEX MATCH "^[a-z]+" room "${line}")
	list(APPEND known_rooms ${room})
endforeach()
foreach(folder IN LISTS folders)
	if(NOT IS_DIRECTORY "${SF_ROOT}/src/${folder}")
		continue()
	endif()
	if(NOT folder IN_LIST known_rooms)
		string(APPEND findings "src/${folder}:1: a room that is not on the floor plan of tests/tidy.cmake\n")
	elseif(EXISTS "${SF_ROOT}/src/${folder}/CMakeLists.txt"
			AND NOT EXISTS "${SF_ROOT}/src/${folder}/README.md")
		string(APPEND findings "src/${folder}/README.md:1: every room says what it is for\n")
	endif()
endforeach()

foreach(name IN LISTS files)
	if(name MATCHES "^tests/unit/([^/]+/.+)_test\\.c$")
		set(subject "${CMAKE_MATCH_1}")
		set(mirrored "src/${subject}.c")
		if(NOT subject IN_LIST room_wide_tests AND NOT EXISTS "${SF_ROOT}/${mirrored}")
			string(APPEND findings "${name}:1: mirrors no source: ${mirrored} is not there\n")
		endif()
		# A test that is not registered is never run.
		get_filename_component(folder "${SF_ROOT}/${name}" DIRECTORY)
		get_filename_component(word "${mirrored}" NAME_WE)
		set(registered "")
		if(EXISTS "${folder}/CMakeLists.txt")
			file(READ "${folder}/CMakeLists.txt" registered)
		endif()
		if(NOT registered MATCHES "[^a-z0-9_]${word}[^a-z0-9_]|GLOB")
			string(APPEND findings "${name}:1: is not registered in the CMakeLists.txt beside it\n")
		endif()
	endif()
endforeach()

# The tables as lines for awk, one word each kind.
set(rules "")
foreach(line IN LISTS rooms)
	string(REGEX MATCH "^([a-z]+):(.*)$" _ "${line}")
	set(room ${CMAKE_MATCH_1})
	string(REGEX REPLACE "[ ]+" " " below "${CMAKE_MATCH_2}")
	string(APPEND rules "room\t${room}\t${room}${below}\n")
endforeach()
foreach(room IN LISTS pure_rooms)
	string(APPEND rules "pure\t${room}\n")
endforeach()
foreach(header IN LISTS pure_system_headers)
	string(APPEND rules "pure_header\t${header}\n")
endforeach()
foreach(line IN LISTS third_parties)
	string(REPLACE " " "\t" line "${line}")
	string(APPEND rules "third_party\t${line}\n")
endforeach()
foreach(line IN LISTS banned_calls)
	string(REPLACE "|" "\t" line "${line}")
	string(APPEND rules "banned\t${line}\n")
endforeach()
foreach(name IN LISTS banned_pure_calls)
	string(APPEND rules "banned_pure\t${name}\n")
endforeach()
foreach(name IN LISTS pure_excused)
	string(APPEND rules "pure_excused\t${name}\n")
endforeach()
foreach(number IN LISTS test_persons)
	string(APPEND rules "test_person\t${number}\n")
endforeach()
string(APPEND rules "file_lines_max\t${file_lines_max}\nfunction_lines_max\t${function_lines_max}\n")

string(RANDOM LENGTH 12 unique)
if(DEFINED ENV{TMPDIR})
	set(rules_file "$ENV{TMPDIR}/stafet-tidy-${unique}.rules")
else()
	set(rules_file "/tmp/stafet-tidy-${unique}.rules")
endif()
file(WRITE "${rules_file}" "${rules}")

set(sources ${files})
list(FILTER sources INCLUDE REGEX "^(src|include|tests)/.*\\.[ch]$")
foreach(script text source)
	set(read ${files})
	if(script STREQUAL source)
		set(read ${sources})
	endif()
	if(read)
		execute_process(
			COMMAND env LC_ALL=C awk -f "${lint}/${script}.awk" "${rules_file}" ${read}
			WORKING_DIRECTORY "${SF_ROOT}" OUTPUT_VARIABLE found ERROR_VARIABLE trouble
			RESULT_VARIABLE status)
		if(NOT status EQUAL 0)
			file(REMOVE "${rules_file}")
			message(FATAL_ERROR "tests/lint/${script}.awk failed: ${trouble}")
		endif()
		string(APPEND findings "${found}")
	endif()
endforeach()
file(REMOVE "${rules_file}")

list(LENGTH files count)
if(findings)
	string(REGEX MATCHALL "\n" lines "${findings}")
	list(LENGTH lines total)
	message("${findings}")
	message(FATAL_ERROR "tidy: ${total} findings in ${count} files")
endif()
message(STATUS "tidy: ${count} files, no findings")
