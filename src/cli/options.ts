/** What every command that reads may be told. */
export interface ReadOptions {
  readonly inventory?: string;
  readonly sshConfig?: string;
  readonly output?: string;
  readonly json?: boolean;
  /** Seconds. */
  readonly timeout: number;
  readonly askBecomePass?: boolean;
}

export interface GetOptions extends ReadOptions {
  readonly host?: readonly string[];
  readonly problems?: boolean;
  readonly all?: boolean;
}
