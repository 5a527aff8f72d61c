/** When a job is due, in the words of systemd.time(7) and of crontab(5). */
export interface Calendar {
  readonly systemd: string;
  readonly cron: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Those that come round evenly. */
const minutes = [30, 20, 15, 12, 10, 6, 5, 4, 3, 2, 1];
const hours = [12, 8, 6, 4, 3, 2, 1];

const pad = (number: number) => `${number}`.padStart(2, "0");

/**
 * As often as it was declared, or a little oftener where a calendar has no such period: never less often. At a minute of
 * its own, and by night where once a day or less is enough, so that not all begin at the same moment. Times are the
 * host's.
 */
export function calendarOf(everyMs: number, name: string): Calendar {
  const at = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 300, 7);
  const minute = at % 60;
  const hour = 1 + Math.floor(at / 60);
  const time = `${pad(hour)}:${pad(minute)}`;
  if (everyMs >= 31 * dayMs) return { systemd: `*-*-01 ${time}`, cron: `${minute} ${hour} 1 * *` };
  const days = Math.floor(everyMs / dayMs);
  if (days >= 28 || days === 7) return { systemd: `Mon *-*-* ${time}`, cron: `${minute} ${hour} * * 1` };
  if (days > 1) return { systemd: `*-*-01/${days} ${time}`, cron: `${minute} ${hour} */${days} * *` };
  if (days === 1) return { systemd: `*-*-* ${time}`, cron: `${minute} ${hour} * * *` };
  const period = hours.find((each) => each * hourMs <= everyMs);
  if (period !== undefined)
    return { systemd: `00/${period}:${pad(minute)}`, cron: `${minute} */${period} * * *` };
  const each = minutes.find((every) => every * minuteMs <= everyMs) ?? 1;
  return { systemd: `*:00/${pad(each)}`, cron: `*/${each} * * * *` };
}
