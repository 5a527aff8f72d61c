/** Bytes that arrive in any slices, and are taken out up to a mark. */
export interface Intake {
  readonly add: (bytes: Buffer) => void;
  readonly length: () => number;
  /** Takes what is before the next `mark`, and the mark. Undefined as long as it is not there. */
  readonly takeUntil: (mark: string) => Buffer | undefined;
  /** Takes all there is. */
  readonly takeAll: () => Buffer;
}

const leastBytes = 4096;

export function createIntake(): Intake {
  // Nothing is held between answers: there may be hundreds of hosts with four of these each.
  let store: Buffer = Buffer.alloc(0);
  let start = 0;
  let end = 0;
  // Up to here there is no mark for certain: a flood in slices of one byte is searched once, not once a slice.
  let searched = 0;
  const reset = () => {
    [start, end, searched] = [0, 0, 0];
    store = Buffer.alloc(0);
  };
  const take = (to: number, next: number) => {
    const taken = Buffer.from(store.subarray(start, to));
    start = next;
    searched = next;
    if (start === end) reset();
    return taken;
  };
  return {
    add: (bytes) => {
      if (end + bytes.length > store.length) {
        const grown = Buffer.allocUnsafe(Math.max(leastBytes, (end - start + bytes.length) * 2));
        store.copy(grown, 0, start, end);
        [store, searched, end, start] = [grown, searched - start, end - start, 0];
      }
      bytes.copy(store, end);
      end += bytes.length;
    },
    length: () => end - start,
    takeUntil: (mark) => {
      const at = store.subarray(0, end).indexOf(mark, searched, "latin1");
      if (at >= 0) return take(at, at + mark.length);
      searched = Math.max(start, end - mark.length + 1);
      return undefined;
    },
    takeAll: () => take(end, end),
  };
}
