import { sha256 } from "../plan/digest.ts";
import type { Basis, EditStep } from "../plan/plan.ts";
import type { FoundPin } from "./pins.ts";

/** A pin that is moved to another version: how, and what its file is then. */
export interface PinEdit {
  readonly pin: FoundPin;
  readonly to: string;
  readonly step: EditStep;
  readonly textAfter: string;
}

/** Changes the value of a pin and nothing else; the way back changes it back. `number` tells several edits apart. */
export function editPin(pin: FoundPin, version: string, number: number): PinEdit {
  const becomes = pin.write(version);
  const { file, line, offset, version: was, text } = pin;
  const textAfter = `${text.slice(0, offset)}${becomes}${text.slice(offset + was.length)}`;
  const common = {
    kind: "edit",
    effect: "changes",
    file,
    line,
    offset,
    again: "safe",
    timeoutMs: 10_000,
  } as const;
  const before = pin.sha256;
  const after = sha256(textAfter);
  const back: EditStep = {
    ...common,
    id: `pin-back-${number}`,
    title: `Pin ${was} again`,
    was: becomes,
    becomes: was,
    sha256Before: after,
    sha256After: before,
  };
  const step: EditStep = {
    ...common,
    id: `pin-${number}`,
    title: `Pin ${version}`,
    was,
    becomes,
    sha256Before: before,
    sha256After: after,
    undo: [back],
  };
  return { pin, to: version, step, textAfter };
}

/** That these files are as they were when it was planned. */
export const basisOf = (edits: readonly PinEdit[]): readonly Basis[] =>
  edits.map(({ pin: { file, sha256: digest } }) => ({
    kind: "file",
    title: "the file with the version",
    file,
    sha256: digest,
  }));
