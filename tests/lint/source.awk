# What holds for C: the floor plan, banned calls, guards, function lengths, jumps.
# First file: the rules of tests/tidy.cmake. POSIX awk, no extensions.

BEGIN { FS = "\t" }

function finding(what)
{
	print FILENAME ":" FNR ": " what
}

# The line without comments and with empty string and character literals.
function code_of(line,    out, place, quote, rest)
{
	out = ""
	while (line != "") {
		if (in_comment) {
			place = index(line, "*/")
			if (place == 0)
				return out
			line = substr(line, place + 2)
			in_comment = 0
			continue
		}
		if (!match(line, /\/\*|\/\/|["']/))
			return out line
		quote = substr(line, RSTART, 1)
		out = out substr(line, 1, RSTART - 1)
		rest = substr(line, RSTART + 1)
		if (quote == "/") {
			if (substr(rest, 1, 1) == "/")
				return out
			in_comment = 1
			line = substr(rest, 2)
			continue
		}
		out = out quote quote
		while (rest != "") {
			if (substr(rest, 1, 1) == "\\") {
				rest = substr(rest, 3)
				continue
			}
			if (substr(rest, 1, 1) == quote) {
				rest = substr(rest, 2)
				break
			}
			rest = substr(rest, 2)
		}
		line = rest
	}
	return out
}

function check_third_party(header,    owner)
{
	if (header ~ /\.pb-c\.h$/)
		owner = third_party["*.pb-c.h"]
	else if (header in third_party)
		owner = third_party[header]
	else
		return 0
	# More than one room may have it: "http+bridge".
	if (room != "" && index("+" owner "+", "+" room "+") == 0)
		finding("<" header "> belongs to src/" owner "/ alone")
	return 1
}

function check_include(line,    header, quoted, other)
{
	quoted = line ~ /include[ \t]*"/
	header = line
	sub(/^[^<"]*[<"]/, "", header)
	sub(/[>"].*$/, "", header)
	if (check_third_party(header))
		return
	other = header
	if (index(other, "/") > 0)
		sub(/\/.*$/, "", other)
	else
		other = ""
	if (is_public) {
		if (quoted && other != "stafet")
			finding("a public header stands alone: \"" header "\" is not installed")
		return
	}
	if (room == "")
		return
	if (quoted) {
		if (other == "" && header !~ /^[a-z_]+\.(inc|def)$/)
			finding("say \"" room "/" header "\": includes name their room")
		else if ((other in below) && index(" " below[room] " ", " " other " ") == 0)
			finding("the floor plan: src/" room "/ may not include \"" header "\"")
		else if (other != "" && !(other in below) && other != "stafet")
			finding("\"" header "\" is in no room of the floor plan")
	} else if ((room in pure) && !(header in pure_header)) {
		finding("<" header "> in a pure room")
	}
}

function check_call(name)
{
	if (name in banned)
		finding(name "(): " banned[name])
	else if (name == "setlocale" && $0 !~ /setlocale\(LC_(MESSAGES|CTYPE)/)
		finding("setlocale(): only LC_MESSAGES and LC_CTYPE, or numbers grow decimal commas")
	else if ((room in pure) && (name in banned_pure) && !(FILENAME in pure_excused))
		finding(name "() in a pure room")
}

function check_calls(code,    rest, name, before)
{
	rest = code
	while (match(rest, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(rest, RSTART, RLENGTH - 1)
		before = RSTART > 1 ? substr(rest, RSTART - 1, 1) : ""
		rest = substr(rest, RSTART + RLENGTH)
		sub(/[ \t]+$/, "", name)
		# A member called time or random is a port's, not libc's.
		if (before != "." && before != ">")
			check_call(name)
	}
}

function check_directive(code,    word)
{
	word = code
	sub(/^[ \t]*#[ \t]*/, "", word)
	if (word ~ /^pragma[ \t]+once/) {
		finding("a header has a guard, not #pragma once")
		return
	}
	if (word !~ /^(if|ifdef|ifndef|elif)([ \t(!]|$)/)
		return
	if (is_header && guard == "" && word ~ /^ifndef/) {
		guard = word
		sub(/^ifndef[ \t]+/, "", guard)
		sub(/[ \t].*$/, "", guard)
		guard_line = FNR
		if (guard_wanted != "" && guard != guard_wanted)
			finding("the guard is called " guard_wanted)
		return
	}
	if (room == "os")
		return
	if (is_public && word ~ /^ifdef[ \t]+__cplusplus/)
		return
	finding("#" substr(word, 1, index(word " ", " ") - 1) " outside src/os/: the house has one shape")
}

function check_jump(code,    name)
{
	if (code ~ /^[ \t]*[a-z_][a-z0-9_]*:[ \t]*$/ && code !~ /^[ \t]*default:/) {
		name = code
		gsub(/[ \t:]/, "", name)
		label_line[name] = FNR
		labels = labels " " name
	}
	if (match(code, /(^|[^A-Za-z0-9_])goto[ \t]+[a-z_0-9]+/)) {
		name = substr(code, RSTART, RLENGTH)
		sub(/^.*goto[ \t]+/, "", name)
		if (name in label_line)
			finding("goto " name " jumps back: use a loop")
	}
}

function check_function(code,    names, count, i)
{
	if (code ~ /^\{[ \t]*$/) {
		function_start = FNR
		return
	}
	if (code ~ /^\}[ \t]*$/ && function_start > 0) {
		if (FNR - function_start + 1 > function_lines_max)
			print FILENAME ":" function_start ": a function of " \
				(FNR - function_start + 1) " lines; " function_lines_max " fit a screen"
		function_start = 0
		count = split(labels, names, " ")
		for (i = 1; i <= count; i++)
			delete label_line[names[i]]
		labels = ""
	}
}

# File scope, static, changeable: only a signal handler's flag may be that.
function check_global(code,    fixed)
{
	if (room == "" || code !~ /^static[ \t]/ || code ~ /\(/)
		return
	# A pointer is const when the word stands behind the last star.
	fixed = code
	sub(/^.*\*/, " ", fixed)
	if (fixed ~ /[ \t](const|inline)[ \t]/)
		return
	if (code ~ /volatile sig_atomic_t/ || code !~ /(;|=[^=]*|=[ \t]*\{)[ \t]*$/)
		return
	finding("a mutable global: state has an owner")
}

function end_of_file()
{
	if (is_header && last_file != "" && guard == "")
		print last_file ":1: no header guard"
}

FNR == 1 { file_index++ }

file_index == 1 {
	if ($1 == "room")
		below[$2] = $3
	else if ($1 == "pure")
		pure[$2] = 1
	else if ($1 == "pure_header")
		pure_header[$2] = 1
	else if ($1 == "third_party")
		third_party[$2] = $3
	else if ($1 == "banned")
		banned[$2] = $3
	else if ($1 == "banned_pure")
		banned_pure[$2] = 1
	else if ($1 == "pure_excused")
		pure_excused[$2] = 1
	else if ($1 == "function_lines_max")
		function_lines_max = $2
	next
}

FNR == 1 {
	end_of_file()
	last_file = FILENAME
	in_comment = 0
	function_start = 0
	labels = ""
	split("", label_line)
	guard = ""
	is_header = FILENAME ~ /\.h$/
	is_public = FILENAME ~ /^include\//
	room = ""
	guard_wanted = ""
	if (FILENAME ~ /^src\/[^\/]+\//) {
		room = FILENAME
		sub(/^src\//, "", room)
		sub(/\/.*$/, "", room)
		guard_wanted = "SF_" substr(FILENAME, 5)
	} else if (is_public) {
		guard_wanted = substr(FILENAME, 9)
	}
	guard_wanted = toupper(guard_wanted)
	gsub(/[^A-Z0-9]/, "_", guard_wanted)
}

{
	was_comment = in_comment
	code = code_of($0)
	if (!was_comment && code ~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
		check_include($0)
	else if (code ~ /^[ \t]*#/)
		check_directive(code)
	else {
		if (is_header && guard == "" && code ~ /[^ \t]/) {
			finding("code before the header guard")
			guard = "?"
		}
		if (code ~ /(^|[ \t])typedef[ \t]+(struct|union|enum)[^(]*$/)
			finding("a struct keeps its name: no typedef")
		check_jump(code)
		check_function(code)
		check_global(code)
	}
	if (index(code, "("))
		check_calls(code)
	if (is_header && guard != "" && FNR == guard_line + 1 && code !~ ("^#define " guard "$"))
		finding("#define " guard " follows the guard")
}

END { end_of_file() }
