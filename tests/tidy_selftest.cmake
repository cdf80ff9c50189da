# Proves that tests/tidy.cmake can find what it looks for: a good tree passes, and in a bad tree
# every planted fault is named at its line, and nothing else is.

cmake_minimum_required(VERSION 3.25)
string(RANDOM LENGTH 12 unique)
set(base "/tmp")
if(DEFINED ENV{TMPDIR})
	set(base "$ENV{TMPDIR}")
endif()
set(tree "${base}/stafet-tidy-selftest-${unique}")

function(tidy root)
	execute_process(COMMAND ${CMAKE_COMMAND} -DSF_ROOT=${root} -P ${CMAKE_CURRENT_LIST_DIR}/tidy.cmake
		OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE status)
	set(out "${out}" PARENT_SCOPE)
	set(status "${status}" PARENT_SCOPE)
endfunction()

# --- A good tree ----------------------------------------------------------------------------------
string(REPEAT "\tcount++\;\n" 62 body)
file(WRITE ${tree}/good/src/core/CMakeLists.txt "sf_library(core SOURCES thing.c)\n")
file(WRITE ${tree}/good/src/core/README.md "# core\n")
file(WRITE ${tree}/good/src/core/thing.h
	"/*\n * Says sprintf( and #if in a comment.\n */\n#ifndef SF_CORE_THING_H\n#define SF_CORE_THING_H\n\n#include <stdint.h>\n\n#include \"base/err.h\"\n\n#endif\n")
file(WRITE ${tree}/good/src/core/thing.c
	"#include \"core/thing.h\"\n\n#include <stdio.h>\n\n/* strcpy() here */\nstatic const char *const text = \"strcat( // not /* a comment\"\;\nstatic writer *const writers[] = {\nstatic const int n = 1\;\n\nint f(struct sf_env *env)\n{\n\tint count = env->random(env)\;\n\tif (count)\n\t\tgoto out\;\n${body}out:\n\treturn count\;\n}\n")
file(WRITE ${tree}/good/src/os/config.c "#ifdef __linux__\n#include <confuse.h>\n#endif\n")
file(WRITE ${tree}/good/src/cmd/main.c
	"#include \"store/sqlite.h\"\n\nstatic volatile sig_atomic_t stop\;\n\nint main(void)\n{\n\tsetlocale(LC_CTYPE, \"\")\;\n\tprintf(\"%zu\", sizeof(stop))\;\n}\n")
file(WRITE ${tree}/good/include/stafet/client.h
	"#ifndef STAFET_CLIENT_H\n#define STAFET_CLIENT_H\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n#endif\n")
file(WRITE ${tree}/good/tests/unit/core/thing_test.c
	"#include <sqlite3.h>\nstatic const char cpr[] = \"7001011234\"\; /* 2509479989 1700000000000 3109471234 300247-1234 */\n")
file(WRITE ${tree}/good/tests/unit/core/CMakeLists.txt "sf_test(core/thing USES core)\n")
file(WRITE ${tree}/good/tests/samples/real.c "strcpy(a, b)\; 0101011234   \n")
tidy(${tree}/good)
if(NOT status EQUAL 0)
	file(REMOVE_RECURSE ${tree})
	message(FATAL_ERROR "tidy does not accept a good tree:\n${out}")
endif()

# --- A bad tree -----------------------------------------------------------------------------------
set(expected)
# plant(path content "line: part of the finding" ...)
function(plant path content)
	file(WRITE ${tree}/bad/${path} "${content}")
	foreach(finding IN LISTS ARGN)
		list(APPEND expected "${path}:${finding}")
	endforeach()
	set(expected "${expected}" PARENT_SCOPE)
endfunction()

plant(src/core/CMakeLists.txt "\n")
list(APPEND expected "src/core/README.md:1: every room says")
plant(src/attic/README.md "# attic\n")
list(APPEND expected "src/attic:1: a room that is not on the floor plan")

plant(src/core/up.c "#include \"port/store.h\"\n" "1: the floor plan: src/core/ may not include")
plant(src/store/engine.c "#include \"node/node.h\"\n" "1: the floor plan: src/store/ may not include")
plant(src/http/other.c "#include \"store/sqlite.h\"\n" "1: the floor plan: src/http/ may not include")
plant(src/client/wide.c "#include \"transport/dealer.h\"\n" "1: the floor plan: src/client/")
plant(src/core/bare.c "#include \"bare.h\"\n" "1: say \"core/bare.h\"")
plant(src/core/lost.c "#include \"cellar/wine.h\"\n" "1: \"cellar/wine.h\" is in no room")
plant(src/node/sql.c "#include <sqlite3.h>\n" "1: <sqlite3.h> belongs to src/store/ alone")
plant(src/cmd/queue.c "#include <zmq.h>\n" "1: <zmq.h> belongs to src/transport/ alone")
plant(src/crypto/generated.c "#include \"envelope.pb-c.h\"\n" "1: <envelope.pb-c.h> belongs to src/wire/")
plant(src/node/clock.c "#include <time.h>\n" "1: <time.h> in a pure room")
plant(src/coordinator/print.c "int f(void)\n{\n\tprintf(\"x\")\;\n\ttime(NULL)\;\n\tgetenv(\"X\")\;\n}\n"
	"3: printf() in a pure room" "4: time() in a pure room" "5: getenv() in a pure room")
plant(src/base/err.c "void f(void)\n{\n\tfprintf(stderr, \"x\")\;\n}\n" "3: fprintf() in a pure room")
plant(include/stafet/inside.h
	"#ifndef STAFET_INSIDE_H\n#define STAFET_INSIDE_H\n#include \"base/id.h\"\n#endif\n"
	"3: a public header stands alone")

foreach(name strcpy strcat sprintf gets strtok atoi atol rand srand alloca system popen sleep usleep
		nanosleep localtime gmtime assert)
	plant(src/os/call_${name}.c "\n\t${name} (x)\;\n" "2: ${name}(): ")
endforeach()
plant(tests/sim/call_usleep.c "/* a\n */ usleep(1)\;\n" "2: usleep(): ")
plant(src/os/locale.c "\tsetlocale(LC_ALL, \"\")\;\n" "1: setlocale(): only")

plant(src/store/shape.c "#ifdef HAVE_X\n#endif\n" "1: #ifdef outside src/os/")
plant(tests/sim/shape.c "#if 0\n#endif\n" "1: #if outside src/os/")
plant(src/store/named.h "#ifndef NAMED_H\n#define NAMED_H\n#endif\n" "1: the guard is called SF_STORE_NAMED_H")
plant(src/store/bare.h "int x(void)\;\n" "1: code before the header guard")
plant(src/store/empty.h "/* nothing */\n" "1: no header guard")
plant(src/store/loose.h "#ifndef SF_STORE_LOOSE_H\n\n#define SF_STORE_LOOSE_H\n#endif\n"
	"2: #define SF_STORE_LOOSE_H follows")
plant(src/store/once.h "#pragma once\n" "1: a header has a guard" "1: no header guard")
plant(src/store/alias.c "typedef struct sf_x sf_x\;\n" "1: a struct keeps its name")
plant(src/store/global.c "static int count\;\n" "1: a mutable global")
plant(src/store/pointer.c "static const char *name\;\n" "1: a mutable global")
plant(src/store/table.c "static struct sf_x table[] = {\n" "1: a mutable global")
plant(src/store/jump.c "void f(void)\n{\nagain:\n\tif (x)\n\t\tgoto again\;\n}\n" "5: goto again jumps back")

string(REPEAT "\n" 69 lines)
plant(src/store/long.c "void f(void)\n{\n${lines}}\n" "2: a function of 71 lines")
string(REPEAT "\n" 601 lines)
plant(src/store/endless.c "${lines}" "601: more than 600 lines")
plant(src/store/util.c "\n" "1: the name 'util' says nothing")
plant(tests/sim/helpers.h "#ifndef SF_SIM_HELPERS_H\n#define SF_SIM_HELPERS_H\n#endif\n" "1: the name 'helpers'")

plant(src/store/unfinished.c "/* TODO: later */\n" "1: unfinished business")
plant(deploy/script.sh "# FIXME later\necho \n" "1: unfinished business" "2: blanks at the end")
plant(proto/x.proto "a\r\n" "1: a carriage return")
plant(src/store/person.c "/* 010101-1234 */\n/* 7001011234 */\n"
	"1: looks like a person's CPR" "2: a CPR number outside the tests")
plant(tests/unit/person.py "x = '0101011234'\n" "1: looks like a person's CPR")
plant(tests/e2e/slow.py "import time\ntime.sleep(1)\n" "2: nothing waits for time")
plant(tests/unit/store/CMakeLists.txt "sf_test(store/orphan USES store)\n")
plant(tests/unit/store/orphan_test.c "\n" "1: mirrors no source: src/store/orphan.c")
plant(tests/unit/store/jump_test.c "\t// assert_true(x)\;\n"
	"1: is not registered" "1: an assertion that is commented out")

tidy(${tree}/bad)
file(REMOVE_RECURSE ${tree})

set(wrong "")
if(status EQUAL 0)
	string(APPEND wrong "a bad tree passes\n")
endif()
foreach(finding IN LISTS expected)
	string(FIND "${out}" "${finding}" place)
	if(place EQUAL -1)
		string(APPEND wrong "not found: ${finding}\n")
	endif()
endforeach()
list(LENGTH expected wanted)
string(REGEX MATCH "tidy: ([0-9]+) findings" _ "${out}")
if(NOT CMAKE_MATCH_1 EQUAL wanted)
	string(APPEND wrong "${wanted} faults planted, ${CMAKE_MATCH_1} found:\n${out}")
endif()
if(wrong)
	message(FATAL_ERROR "${wrong}")
endif()
message(STATUS "tidy finds all ${wanted} planted faults")
