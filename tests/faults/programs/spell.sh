# Works for a moment and records when it began and, only if its work was done, when it ended:
# two lines of epoch ms in `<run>.<attempt>.<pid>.spell`.
file="$FAULTS_FOLDER/$MILLRACE_RUN_ID.$MILLRACE_ATTEMPT.$$.spell"
date +%s%3N > "$file"
sleep 0.15
date +%s%3N >> "$file"
