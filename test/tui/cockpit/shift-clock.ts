import { afterAll, beforeAll } from "vitest";

/** The tests of a file begin at that time, and time goes on: Ink counts its pictures by it. */
export function beginAt(time: Date): void {
  const RealDate = Date;
  beforeAll(() => {
    const offset = time.getTime() - RealDate.now();
    const now = () => RealDate.now() + offset;
    globalThis.Date = new Proxy(RealDate, {
      construct: (target, args) => Reflect.construct(target, args.length === 0 ? [now()] : args),
      get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
    });
  });
  afterAll(() => {
    globalThis.Date = RealDate;
  });
}
