# One list of warnings for gcc and clang; every one is an error.
add_library(sf_warnings INTERFACE)
target_compile_options(sf_warnings INTERFACE
	-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wswitch-enum -Wvla -Wformat=2 -Wundef -Werror)
