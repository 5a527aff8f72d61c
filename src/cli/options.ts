import type { FormatOptions } from "./output.ts";

/** What every command that reads may be told. */
export interface ReadOptions extends FormatOptions {
  readonly inventory?: string;
  readonly sshConfig?: string;
  /** Seconds. */
  readonly timeout: number;
  readonly askBecomePass?: boolean;
}

export interface GetOptions extends ReadOptions {
  readonly host?: readonly string[];
  readonly problems?: boolean;
  readonly all?: boolean;
}
