import type { Moment } from "./state-time.ts";

export interface Port {
  readonly number: number;
  readonly speaks: "http" | "tcp";
  /** Of a container, inside. */
  readonly inside?: number;
}

export interface Unit {
  readonly name: string;
  readonly description: string;
  /** Whose user manager; the system's when absent. */
  readonly user?: string;
  active: "active" | "inactive" | "failed" | "activating";
  sub: string;
  /** It does something and is done, and counts as active then. */
  readonly isOneShot?: boolean;
  result: string;
  /** As of waitid(2): 1 exited, 2 killed. */
  exitCode: number;
  exitStatus: number;
  restarts: number;
  startedAt?: Moment;
  changedAt?: Moment;
  readonly path: string;
  readonly source?: string;
  /** What that said when systemd read it. */
  read?: string;
  readonly enabled: string;
  readonly restart: string;
  readonly wantedBy: readonly string[];
  readonly ports: readonly Port[];
}

export interface Timer {
  readonly name: string;
  readonly description: string;
  readonly activates: string;
  readonly everyMs: number;
  readonly path: string;
}

export interface Container {
  readonly engine: "podman" | "docker";
  readonly user?: string;
  readonly name: string;
  image: string;
  state: string;
  health: "" | "healthy" | "unhealthy" | "starting";
  exitCode: number;
  restarts: number;
  createdAt: Moment;
  startedAt: Moment;
  endedAt?: Moment;
  readonly policy: string;
  readonly pod?: string;
  readonly isInfra: boolean;
  readonly unit?: string;
  readonly project?: string;
  /** Within its project. */
  readonly service?: string;
  readonly ports: readonly Port[];
  readonly mounts: readonly { readonly type: "bind" | "volume"; readonly source: string }[];
}

/** Of Docker Compose. */
export interface Project {
  readonly name: string;
  readonly folder: string;
}
