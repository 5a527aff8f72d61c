/** What `scrap schedule` understands. */
export const scheduleWords = ["install", "status", "remove"] as const;
