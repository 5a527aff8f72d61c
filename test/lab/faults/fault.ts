export type Fault = {
  name: string;
  host: string;
  plays: string;
  /** Returns once the real tools show the fault, or will show it within the seconds that `plays` names. */
  break: () => Promise<unknown>;
  mend: () => Promise<unknown>;
};
