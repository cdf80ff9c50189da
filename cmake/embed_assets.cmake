# cmake -DOUT=file.c -DFOLDER=built -DNAMES="index.html;app.js" -P embed_assets.cmake
# Writes files of a folder, and the gzip of each that stands beside it, as rows of struct
# sf_console_asset. An entity tag is the SHA-256 of the file; what is in another coding is another
# representation, and so has another tag (RFC 9110 section 8.8.3).
function(append_bytes symbol path ret_size)
	file(READ ${path} hex HEX)
	string(LENGTH "${hex}" digits)
	math(EXPR size "${digits} / 2")
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
	file(APPEND ${OUT}.new "static const uint8_t ${symbol}[] = {${bytes}};\n")
	set(${ret_size} ${size} PARENT_SCOPE)
endfunction()

set(types "html|text/html\\; charset=utf-8" "js|text/javascript\\; charset=utf-8"
	"css|text/css\\; charset=utf-8" "svg|image/svg+xml")
file(WRITE ${OUT}.new "#include \"http/console_assets.h\"\n\n")
set(rows "")
set(index 0)
foreach(name IN LISTS NAMES)
	string(REGEX MATCH "[a-z]+$" ending ${name})
	set(type "")
	foreach(row IN LISTS types)
		if(row MATCHES "^${ending}\\|(.*)$")
			set(type "${CMAKE_MATCH_1}")
		endif()
	endforeach()
	if(NOT type)
		message(FATAL_ERROR "${name}: of no type that the console has")
	endif()
	file(SHA256 ${FOLDER}/${name} tag)
	append_bytes(plain_${index} ${FOLDER}/${name} plain)
	append_bytes(packed_${index} ${FOLDER}/${name}.gz packed)
	string(APPEND rows "\t{\"${name}\", \"${type}\", \"\\\"${tag}\\\"\", \"\\\"${tag}-gzip\\\"\","
		" {plain_${index}, ${plain}}, {packed_${index}, ${packed}}},\n")
	math(EXPR index "${index} + 1")
endforeach()
file(APPEND ${OUT}.new "\nconst struct sf_console_asset sf_console_assets[] = {\n${rows}};\n"
	"const size_t sf_console_asset_count = ${index};\n")
file(RENAME ${OUT}.new ${OUT})
