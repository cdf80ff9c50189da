# What holds for every text file: no trailing blanks, no unfinished business, no person's number,
# no file too long to read. First file: the rules of tests/tidy.cmake.

BEGIN { FS = "\t" }

function finding(what)
{
	print FILENAME ":" FNR ": " what
}

# DDMMYY and four digits, with or without a hyphen. Day + 60 marks an invented patient.
function check_numbers(line,    rest, place, text, day, month, before, after)
{
	rest = line
	while (match(rest, /[0-9][0-9][0-9][0-9][0-9][0-9]-?[0-9][0-9][0-9][0-9]/)) {
		text = substr(rest, RSTART, RLENGTH)
		place = RSTART
		before = place > 1 ? substr(rest, place - 1, 1) : " "
		after = substr(rest, place + RLENGTH, 1)
		rest = substr(rest, place + RLENGTH)
		if (before ~ /[0-9A-Za-z_.-]/ || after ~ /[0-9A-Za-z_-]/) {
			sub(/^[0-9A-Za-z_-]+/, "", rest)
			continue
		}
		sub(/-/, "", text)
		day = substr(text, 1, 2) + 0
		month = substr(text, 3, 2) + 0
		# No such day, so nobody's: the 31st of a short month, the 30th of February.
		if (month < 1 || month > 12 || (day == 31 && month ~ /^(2|4|6|9|11)$/) ||
				(day == 30 && month == 2))
			continue
		if (day >= 1 && day <= 31 && !(is_test && (text in test_person)))
			finding("looks like a person's CPR number; invented ones have day + 60")
		else if (day >= 61 && day <= 91 && !is_test)
			finding("a CPR number outside the tests")
	}
}

FNR == 1 { file_index++ }

file_index == 1 {
	if ($1 == "test_person")
		test_person[$2] = 1
	else if ($1 == "file_lines_max")
		file_lines_max = $2
	next
}

FNR == 1 {
	is_test = FILENAME ~ /^tests\//
	is_source = FILENAME ~ /\.(c|h|py|proto|sql|scn|cmake)$/
	is_python = FILENAME ~ /\.py$/
}

/[ \t]+$/ { finding("blanks at the end of the line") }
/\r/ { finding("a carriage return") }
/[0-9][0-9][0-9][0-9][0-9][0-9]-?[0-9][0-9][0-9][0-9]/ { check_numbers($0) }

/TODO|FIXME|XXX|HACK/ {
	if (" " $0 " " ~ /[^A-Za-z0-9_](TODO|FIXME|XXX|HACK)[^A-Za-z0-9_]/)
		finding("unfinished business belongs in an issue, not in the tree")
}

is_python && /time\.sleep[ ]*\(/ { finding("nothing waits for time: wait for a condition, with a bound") }

is_test && /(\/\/|\/\*|^[ \t]*\*).*assert_[a-z_]+[ ]*\(.*;/ { finding("an assertion that is commented out") }

is_source && FNR == file_lines_max + 1 { finding("more than " file_lines_max " lines in one file") }
