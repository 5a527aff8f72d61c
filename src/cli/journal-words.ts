/** What `scrap journal` understands. */
export const journalWords = ["show", "verify"] as const;
