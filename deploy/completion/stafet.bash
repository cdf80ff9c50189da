# Completion of stafet for bash. Names come from the program itself.
_stafet() {
	local word=${COMP_WORDS[COMP_CWORD]} names
	if ((COMP_CWORD == 1)) || { ((COMP_CWORD == 2)) && [[ ${COMP_WORDS[1]} == help ]]; }; then
		names=$(stafet help --names | cut -d ' ' -f 1 | sort -u)
	elif ((COMP_CWORD == 2)) && [[ $word != -* ]]; then
		names=$(stafet help --names | sed -n "s/^${COMP_WORDS[1]} //p")
	fi
	if [[ $word == -* ]]; then
		names=$(stafet help "${COMP_WORDS[1]}" "${COMP_WORDS[2]}" --names 2>/dev/null ||
			stafet help "${COMP_WORDS[1]}" --names 2>/dev/null)
	fi
	mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
}
complete -o default -F _stafet stafet
