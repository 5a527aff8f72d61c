import type { Keep } from "../inventory/service.ts";

/**
 * Which snapshots a host lets go by itself, as `toPrune` says it here; in awk. Reads a line `TAG [held|invalid]` for each
 * place of each snapshot, and says the tags to destroy. Only those of this service that `snapshot` made: what was made for
 * a change is nobody's to take away unseen. Never what is held, nor the newest that is of use.
 */
export const letGo = `
function day(t,  y, m, d) {
  y = substr(t, 7, 4) + 0; m = substr(t, 11, 2) + 0; d = substr(t, 13, 2) + 0
  if (m <= 2) { y--; m += 12 }
  return 365 * y + int(y / 4) - int(y / 100) + int(y / 400) + int((153 * (m - 3) + 2) / 5) + d - 719469
}
function period(t, kind,  n) {
  if (kind == "hourly") return substr(t, 7, 11)
  if (kind == "daily") return substr(t, 7, 8)
  if (kind == "weekly") { n = day(t); return n - (n + 3) % 7 }
  if (kind == "monthly") return substr(t, 7, 6)
  return substr(t, 7, 4)
}
function choose(whole,  i, k, t, n, seen, kind, count, last) {
  last = keep["last"] + 0; if (last < 1) last = 1
  n = 0
  for (i = 1; i <= all; i++) { t = tag[i]; if ((places[t] >= wanted) == whole && !bad[t] && n < last) { stays[t] = 1; n++ } }
  for (kind in keep) {
    if (kind == "last") continue
    count = 0
    for (i = 1; i <= all && count < keep[kind]; i++) {
      t = tag[i]
      if ((places[t] >= wanted) != whole || bad[t] || ((whole, kind, period(t, kind)) in taken)) continue
      taken[whole, kind, period(t, kind)] = 1; stays[t] = 1; count++
    }
  }
}
BEGIN { n = split(policy, words, " "); for (i = 1; i <= n; i++) { split(words[i], pair, "="); keep[pair[1]] = pair[2] + 0 } }
length($1) > 20 && $1 ~ ("^scrap-[0-9]+-[0-9]+-snapshot-" word "-[a-z0-9]+([.][a-z]+)?$") {
  if (!($1 in places)) tag[++all] = $1
  places[$1]++
  if ($2 == "held") held[$1] = 1
  if ($2 == "invalid") bad[$1] = 1
}
END {
  # The newest first. Names of snapshots sort as their times do.
  for (i = 2; i <= all; i++) { t = tag[i]; for (k = i - 1; k > 0 && tag[k] < t; k--) tag[k + 1] = tag[k]; tag[k + 1] = t }
  choose(1); choose(0)
  for (i = all; i > 0; i--) if (!stays[tag[i]] && !held[tag[i]]) print tag[i]
}`;

/** A policy as that program reads it: `daily=14 weekly=4`. */
export const sayPolicy = (keep: Keep): string =>
  Object.entries(keep)
    .map(([kind, count]) => `${kind}=${count}`)
    .join(" ");
