# Ends itself by the signal that its parameters name, without leaving a core file.
ulimit -c 0
signal=$(sed -n 's/.*"signal":"\([A-Z]*\)".*/\1/p' "$MILLRACE_PARAMS_FILE")
echo "sending myself SIG$signal"
kill -s "$signal" $$
