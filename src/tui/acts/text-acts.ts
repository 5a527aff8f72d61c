import { writeFile } from "node:fs/promises";
import type { Known } from "../../model/resources.ts";
import type { LogRequest, Source } from "../source.ts";
import type { Ref } from "../view/lab.ts";
import type { Scene } from "../view/scene.ts";
import { createTextBuffer, type TextBuffer } from "../view/texts.ts";
import { commandLog } from "../view/view.ts";

/** The texts that are open, and what fills them. */
export interface Texts {
  readonly buffers: ReadonlyMap<string, TextBuffer>;
  /** Begins, or begins anew, to read the logs of these things. */
  readonly readLogs: (key: string, refs: readonly Ref[], scene: Scene, request: LogRequest) => void;
  /** Begins to read what the steps of an operation say, unless it is read already. */
  readonly readOutput: (key: string, operation: string) => void;
  readonly put: (key: string, lines: readonly string[]) => void;
  readonly open: (key: string) => TextBuffer;
  /** Stops what fills it and forgets it. */
  readonly close: (key: string) => void;
  readonly closeAll: () => void;
}

export function createTexts(source: () => Source | undefined, changed: (key: string) => void): Texts {
  const buffers = new Map<string, TextBuffer>();
  const running = new Map<string, AbortController>();
  const open = (key: string) => {
    const buffer = buffers.get(key) ?? createTextBuffer(() => changed(key));
    buffers.set(key, buffer);
    return buffer;
  };
  const close = (key: string) => {
    if (key === commandLog.source) return;
    running.get(key)?.abort();
    running.delete(key);
    buffers.delete(key);
  };
  return {
    buffers,
    open,
    close,
    closeAll: () => {
      for (const key of [...buffers.keys()]) close(key);
    },
    put: (key, lines) => {
      const buffer = open(key);
      for (const text of lines) buffer.append({ text });
      buffer.setStatus({ is: "ended" });
    },
    readOutput: (key, operation) => {
      if (running.has(key)) return;
      const stop = new AbortController();
      running.set(key, stop);
      const buffer = open(key);
      buffer.setStatus({ is: "following" });
      const add = createLineAdder(buffer);
      void source()
        ?.changing.output(operation, (said) => !stop.signal.aborted && add(said), stop.signal)
        .then(
          () => buffer.setStatus({ is: "ended" }),
          (error: unknown) =>
            buffer.setStatus({ is: "failed", why: error instanceof Error ? error.message : String(error) }),
        );
    },
    readLogs: (key, refs, scene, request) => {
      running.get(key)?.abort();
      const buffer = open(key);
      buffer.clear();
      const stop = new AbortController();
      running.set(key, stop);
      const things = refs.map((ref) => logged(ref, scene));
      const several = things.length > 1 || things.some((parts) => parts.length > 1);
      const readOne = (resource: Known): Promise<number> | undefined => {
        const label = several ? `${resource.host}/${resource.name}` : undefined;
        return source()?.log(
          resource,
          request,
          (text, isError) => {
            // What is on its way still belongs to a text that was given up.
            if (stop.signal.aborted) return;
            buffer.append({
              text,
              ...(label === undefined ? {} : { source: label }),
              // An engine sends on stderr what a container said there: that is its log, too.
              ...(isError && resource.kind !== "container" ? { isError } : {}),
            });
          },
          stop.signal,
        );
      };
      const reads = things.flatMap(([main, ...parts]) => {
        const whole = main && readOne(main);
        return whole === undefined ? parts.flatMap((part) => readOne(part) ?? []) : [whole];
      });
      if (reads.length === 0) {
        buffer.setStatus({ is: "failed", why: "nothing of it has a log that can be seen now" });
        return;
      }
      buffer.setStatus({ is: request.follow ? "following" : "loading" });
      void Promise.all(reads).then(
        (codes) => {
          if (stop.signal.aborted) return;
          const bad = codes.find((code) => code !== 0);
          buffer.setStatus(
            bad === undefined
              ? { is: "ended" }
              : { is: "failed", why: `the log ended with exit code ${bad}` },
          );
        },
        (error: unknown) => {
          if (stop.signal.aborted) return;
          buffer.setStatus({ is: "failed", why: error instanceof Error ? error.message : String(error) });
        },
      );
    },
  };
}

/** Pieces of output become lines, each with the step that said it. */
function createLineAdder(
  buffer: TextBuffer,
): (said: { readonly step: string; readonly text: string }) => void {
  const rests = new Map<string, string>();
  return ({ step, text }) => {
    const lines = `${rests.get(step) ?? ""}${text}`.split("\n");
    rests.set(step, lines.pop() ?? "");
    for (const line of lines) if (line.trim() !== "") buffer.append({ text: line, source: step });
  };
}

/** What has the log of a thing: the first of these, or, where that has none of its own, all the others together. */
export function logged(ref: Ref, { lab }: Scene): readonly Known[] {
  if (ref.kind === "host" || ref.kind === "operation") return [];
  if (ref.kind === "service") return lab.service(ref.id)?.parts ?? [];
  const resource = lab.resource(ref.id);
  if (!resource) return [];
  const { host, name } = resource;
  const inside = lab
    .resources("container")
    .filter(
      ({ host: where, details }) =>
        where === host &&
        ((resource.kind === "pod" && details.pod === name) ||
          (resource.kind === "project" && details.project === name)),
    );
  return [resource, ...inside];
}

/** What a text is as a file. */
export const linesOf = (buffer: TextBuffer | undefined): readonly string[] =>
  (buffer?.lines() ?? []).map((line) => `${line.source ? `${line.source} ` : ""}${line.text}`);

/** Writes lines to a file that must not be there yet. Resolves with what to say of it. */
export async function save(file: string, lines: readonly string[]): Promise<string> {
  const text = lines.map((line) => `${line}\n`).join("");
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`not saved: ${why}`, { cause });
  }
  return `${lines.length} lines saved to ${file}`;
}
