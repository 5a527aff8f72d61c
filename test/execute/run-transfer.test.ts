import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { UnreachableError } from "../../src/errors.ts";
import type { Hands, Work } from "../../src/execute/hands.ts";
import { runTransfer } from "../../src/execute/run-transfer.ts";
import type { TransferStep } from "../../src/plan/plan.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Link } from "../../src/transport/transport.ts";
import { aHost, hostMap } from "../transport/sshd.ts";

const real = createTransport({
  hosts: hostMap(aHost("giver", { transport: "local" }), aHost("taker", { transport: "local" })),
});
afterAll(() => real.close());

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scrap-transfer-"));
});
const inFolder = (name: string) => join(folder, name);

const sh = (script: string) => ({ argv: ["sh", "-c", script, "scrap", folder] as const });

const step = (from: string, to: string, rest: Partial<TransferStep> = {}): TransferStep => ({
  kind: "transfer",
  id: "send",
  title: "Send it",
  effect: "changes",
  host: "taker",
  command: sh(to),
  from: { host: "giver", command: sh(from) },
  timeoutMs: 20_000,
  ...rest,
});

/** `link` may be another one than the real one. */
async function transfer(
  what: TransferStep,
  { link = (each: Link) => each, asked }: { link?: (real: Link) => Link; asked?: Hands["asked"] } = {},
): Promise<string> {
  let said = "";
  await runTransfer(what, {
    transport: { link: (name: string) => link(real.link(name)) },
    journal: { append: () => {} },
    patienceMs: 2_000,
    asked: asked ?? (() => undefined),
    onOutput: (_: string, text: string) => {
      said += text;
    },
  } as unknown as Work);
  return said;
}

describe("a stream from one host to another", () => {
  it("arrives byte for byte, and says how much that was", async () => {
    const said = await transfer(step("head -c 5000000 /dev/urandom | tee $1/a", "cat >$1/b; echo got it"));
    expect(readFileSync(inFolder("b")).equals(readFileSync(inFolder("a")))).toBe(true);
    expect(said).toMatch(/got it\n[\s\S]*4\.8M passed on, all of it/);
  });

  it("tells who gives it where to go on from", async () => {
    writeFileSync(inFolder("token"), "from the middle");
    await transfer(step("read -r x; echo $x on", "cat >$1/b", { resumes: sh("cat $1/token; echo") }));
    expect(readFileSync(inFolder("b"), "utf8")).toBe("from the middle on\n");
  });

  it("is none where the giver fails, although all that it said arrived", async () => {
    const failing = step("echo half; echo disk gone >&2; exit 7", "cat >$1/b; echo whole >$1/whole");
    await expect(transfer(failing)).rejects.toThrow(/^Send it: giver: exit 7\n {2}disk gone$/);
  });

  it("is none where the taker fails or leaves before the end, and waits for neither of them", async () => {
    const failing = step("cat /dev/zero", "head -c 100 >/dev/null; echo no room >&2; exit 5");
    await expect(transfer(failing)).rejects.toThrow(/^Send it: taker: exit 5\n {2}no room$/);
    const early = step("cat /dev/zero", "head -c 100 >/dev/null");
    await expect(transfer(early)).rejects.toThrow("taker: it was over before all had arrived");
  });

  it("begins again where it was cut off", async () => {
    const cutting = step("echo x >>$1/tries; head -c 300000 /dev/zero", "cat >$1/b");
    let cuts = 0;
    const link = (each: Link): Link => ({
      ...each,
      stream: async (command, signal) => {
        const stream = await each.stream(command, signal);
        if (each.host !== "giver" || cuts >= 2) return stream;
        cuts += 1;
        const ended = Promise.reject(new UnreachableError("dropped", "giver was cut off."));
        ended.catch(() => {});
        return { ...stream, ended };
      },
    });
    await transfer(cutting, { link });
    expect(readFileSync(inFolder("tries"), "utf8")).toBe("x\nx\nx\n");
    expect(readFileSync(inFolder("b"))).toHaveLength(300_000);
  });

  it("ends when it is cancelled", async () => {
    const endless = step("cat /dev/zero", "cat >/dev/null; touch $1/whole");
    await expect(transfer(endless, { asked: () => "walk-back" })).rejects.toThrow(
      "Send it: it was cancelled",
    );
  });
});
