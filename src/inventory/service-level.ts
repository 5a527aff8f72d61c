/** What a person can live with. */
export interface ServiceLevel {
  /** Absent where it is written at the service itself. */
  readonly name?: string;
  /** So long it may be down in each `downtimePer`. */
  readonly downtimeMs?: number;
  readonly downtimePer?: Period;
  /** So old the newest good copy may be. */
  readonly rpoMs?: number;
  /** So long it may take to come back. */
  readonly rtoMs?: number;
  readonly dataLoss?: DataLoss;
}

export type Period = "day" | "week" | "month" | "year";

export type DataLoss = "tolerable" | "intolerable";
