import { expect, it } from "vitest";
import { calendarOf } from "../../src/schedule/calendar.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

it("comes round as often as it was declared, or oftener, in the words of systemd and cron", () => {
  const said = [
    30_000,
    5 * minute,
    45 * minute,
    hour,
    5 * hour,
    36 * hour,
    3 * day,
    7 * day,
    10 * day,
    40 * day,
  ].map((every) => Object.values(calendarOf(every, "web_snapshot")).join("   "));
  expect(said).toMatchInlineSnapshot(`
    [
      "*:00/01   */1 * * * *",
      "*:00/05   */5 * * * *",
      "*:00/30   */30 * * * *",
      "00/1:10   10 */1 * * *",
      "00/4:10   10 */4 * * *",
      "*-*-* 01:10   10 1 * * *",
      "*-*-01/3 01:10   10 1 */3 * *",
      "Mon *-*-* 01:10   10 1 * * 1",
      "*-*-01/10 01:10   10 1 */10 * *",
      "*-*-01 01:10   10 1 1 * *",
    ]
  `);
});
