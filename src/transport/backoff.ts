/** Full jitter (Brooker, "Exponential Backoff And Jitter"), one second at the least. */
export function backOffMs(
  failures: number,
  { leastMs = 1000, mostMs = 60_000, random = Math.random } = {},
): number {
  const ceilingMs = Math.min(mostMs, leastMs * 2 ** Math.min(failures, 20));
  return Math.round(leastMs + random() * (ceilingMs - leastMs));
}
