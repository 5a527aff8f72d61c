// What a host is told to do for us: constants. All that differs comes as arguments, which no shell reads as a program.
// Here is what several of our scripts know.

/** Jobs, locks and kept files of ours on a host. Survives a reboot; nobody but root looks into it. */
export const hostFolder = "/var/lib/scrap";

/** Secrets on their way to a job. In memory alone: no disk ever has them. */
export const secretsFolder = "/run/scrap";

/**
 * Looks at job $1, from byte $2 of its output on, and waits up to $3 tenths of a second for something to happen. Often at
 * first, and late by no more than an eighth: most jobs are short, and a service may be away until the next one.
 *
 * Says `STATE [EXIT CODE [checked|unchecked]]`, how many bytes of output follow, and these. `none`: never submitted. `claimed`: submitted, not begun. `never`: it was
 * cancelled before it began, and will not. `killed`: it began, is gone, and left no exit code. `rebooted`: so did the host since.
 */
export const look = `
seen() {
  j=${hostFolder}/jobs/$1; s=none
  if [ -d "$j" ]; then
    s=claimed
    if [ -e "$j/started" ]; then
      read -r pid start boot <"$j/started"
      read -r now </proc/sys/kernel/random/boot_id
      s=killed
      if [ "$pid" = 0 ]; then s=never
      elif [ "$boot" != "$now" ]; then s=rebooted
      elif read -r stat 2>/dev/null <"/proc/$pid/stat"; then
        set -- \${stat##*) }
        # Z: it is gone, and nobody has looked yet.
        [ "\${20}" = "$start" ] && [ "$1" != Z ] && s=running
      fi
    fi
    # Last, because it may have ended in the meantime.
    if [ -e "$j/exit" ]; then
      code= checked=; read -r code <"$j/exit"
      [ -e "$j/checked" ] && read -r checked <"$j/checked"
      # It is being checked, because another one follows it by itself.
      [ "$s" = running ] && [ "$code" = 0 ] && [ -e "$j/check" ] && ! [ "$checked" ] || s="finished $code\${checked:+ $checked}"
    fi
  fi
}
look() {
  n=\${3}0; e=0
  while :; do
    seen "$1"
    size=0; [ -s "$j/out" ] && size=$(($(wc -c <"$j/out")))
    case $s in running|claimed) ;; *) break ;; esac
    [ "$size" -gt "$2" ] && break
    [ $e -ge "$n" ] && break
    p=$((e/8+2)); pause=0.0$p; [ $p -ge 10 ] && { p=10; pause=0.1; }
    # Not every sleep knows less than a second.
    sleep $pause 2>/dev/null || { sleep 1; p=100; }
    e=$((e+p))
  done
  more=0; [ "$size" -gt "$2" ] && more=$((size-$2)); [ $more -gt 65536 ] && more=65536
  echo "$s"; echo "$more"
  [ $more -gt 0 ] && tail -c +$(($2+1)) "$j/out" | head -c $more
  return 0
}
state() { seen "$1"; echo "$s"; }
`;

/** Is $1 the operation that holds this host? Else says by whom it is held, and ends with 76. */
export const held = `
held() {
  l=; [ -e ${hostFolder}/lock ] && read -r l <${hostFolder}/lock
  [ "$l" = "$1" ] && return
  [ -e ${hostFolder}/lock ] && cat ${hostFolder}/lock
  exit 76
}
`;

/**
 * Who was here, in order: lines of `held` or `ran`, ID, time, owner, title. `held`: it took the lock; `ran`: it changed
 * something, or may have. Written by who holds the host alone.
 */
const changes = `${hostFolder}/changes`;

/** Keeps that operation $1, which holds the host, changes it: before it does, and once until another one has. */
export const note = `
note() {
  case $(tail -n 1 ${changes} 2>/dev/null) in "ran $1 "*) return ;; esac
  { read -r l; read -r by; read -r what; } <${hostFolder}/lock
  printf '%s\\n' "ran $1 $(date +%s) $by $what" >>${changes} || exit 74
  sync ${changes} 2>/dev/null || sync
}
`;

/** Says which other operations changed the host since $1 was here last, and keeps that $1 was here at all. Of those long ago the last. */
export const since = `
since() {
  others= mine=
  [ -e ${changes} ] && while IFS= read -r line; do
    case $line in
      "held $1 "*|"ran $1 "*) others= mine=1 ;;
      "ran "*) [ "$mine" ] && others="$others$line
" || others="$line
" ;;
    esac
  done <${changes}
  printf %s "$others"
  [ "$mine" ] && return
  { tail -n 99 ${changes} 2>/dev/null; printf '%s\\n' "held $1 $(date +%s) $2 $3"; } >${changes}.new && mv ${changes}.new ${changes} || exit 74
}
`;

/** Who holds a host for what it does on its own schedule. */
export const scheduleOwner = "schedule";

/** How a script ends when another operation holds the host. */
export const lockedExitCode = 76;
