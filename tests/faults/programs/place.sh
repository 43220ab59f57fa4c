# Works as spell.sh does, in one of the three places that there are. A place is a lock of the
# kernel: whoever works holds it, and it is free the moment the last process of an attempt is
# gone, however it went. Who finds no place free leaves `<run>.<attempt>.crowded` and fails.
for place in 1 2 3; do
  exec 9> "$FAULTS_FOLDER/place-$place"
  if flock --nonblock 9; then
    . tests/faults/programs/spell.sh
    exit
  fi
done
: > "$FAULTS_FOLDER/$MILLRACE_RUN_ID.$MILLRACE_ATTEMPT.crowded"
exit 1
