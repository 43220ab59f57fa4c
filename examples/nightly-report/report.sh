#!/bin/sh
# Prints a short report about this machine: facts to stdout, warnings to stderr.
#
# Usage: report.sh [--fail]
#   --fail   end with exit code 1 after the report, as if a check had failed
#
# It uses POSIX tools and uptime, and knows nothing of whoever runs it.
set -eu

DISK_WARNING_PERCENT=80
PAUSE_SECONDS=1

fail=no
for argument in "$@"; do
  case $argument in
    --fail) fail=yes ;;
    *)
      echo "error: unknown argument '$argument'; usage: report.sh [--fail]" >&2
      exit 2
      ;;
  esac
done

heading() {
  printf '\n== %s ==\n' "$1"
}

warn() {
  echo "warning: $1" >&2
}

report_system() {
  heading 'System'
  uname -srm
  echo "up: $(uptime 2>/dev/null | sed 's/^ *//')"
}

# One line per file system on a device, and the root; a mount point may hold spaces.
report_disks() {
  heading 'Disks'
  df -P -k 2>/dev/null | awk '
    NR > 1 && ($1 ~ /^\// || $6 == "/") {
      mount = $6
      for (i = 7; i <= NF; i++) mount = mount " " $i
      printf "%-30s %8.1f GB of %8.1f GB used (%s)\n", mount, $3 / 1048576, $2 / 1048576, $5
    }
  '
}

warn_of_disks() {
  df -P -k 2>/dev/null | awk -v limit="$DISK_WARNING_PERCENT" '
    NR == 1 { next }
    $1 !~ /^\// && $6 != "/" { virtual++; next }
    $5 + 0 >= limit { print $6 " is " $5 " full" }
    END { if (virtual) print virtual " file systems without a disk are left out" }
  ' | while IFS= read -r problem; do
    warn "$problem"
  done
}

report_processes() {
  heading 'Processes'
  if ! processes=$(ps -A -o user= 2>/dev/null); then
    warn 'the processes cannot be counted with this ps'
    return
  fi
  printf '%s\n' "$processes" | awk '
    { count[$1]++ }
    END { for (user in count) { total += count[user]; print count[user] "\t" user } print total "\ttotal" }
  ' | sort -rn
}

report_load() {
  cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
  load=$(uptime 2>/dev/null | sed 's/.*load average[s]*: *//; s/[, ].*//')
  if [ -z "$load" ]; then
    warn 'the load is unknown here'
    return
  fi
  echo "load: $load on $cores cores"
  if [ "${load%%.*}" -ge "$cores" ]; then
    warn "the load of $load is more than $cores cores can do"
  fi
}

echo "Nightly report, $(date '+%Y-%m-%d %H:%M:%S %Z')"
report_system
report_load
sleep "$PAUSE_SECONDS"
report_disks
warn_of_disks
sleep "$PAUSE_SECONDS"
report_processes
sleep "$PAUSE_SECONDS"

if [ "$fail" = yes ]; then
  warn 'a check failed because --fail was given'
  echo
  echo 'Report finished, one check failed'
  exit 1
fi
echo
echo 'Report finished'
