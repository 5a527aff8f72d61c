import type { Calendar } from "./calendar.ts";
import { type Job, sayJob } from "./jobs.ts";
import { scriptOf } from "./places.ts";

/** Stopped, it walks back first. Killed, what it left is mended right after. */
export const toServiceUnit = (job: Job): string => `[Unit]
Description=The ${sayJob(job)} of ${job.service.name} (scrap schedule)

[Service]
Type=oneshot
ExecStart=${scriptOf(job.name)}
ExecStopPost=${scriptOf(job.name)} mend
TimeoutStopSec=5min
`;

/** What was due while the host was off is done when it is back. */
export const toTimerUnit = (job: Job, { systemd }: Calendar): string => `[Unit]
Description=When the ${sayJob(job)} of ${job.service.name} is due (scrap schedule)

[Timer]
OnCalendar=${systemd}
Persistent=true
AccuracySec=1s

[Install]
WantedBy=timers.target
`;

export const toCrontab = (job: Job, { cron }: Calendar): string =>
  `# The ${sayJob(job)} of ${job.service.name} (scrap schedule)
${cron} root ${scriptOf(job.name)} >/dev/null
`;
