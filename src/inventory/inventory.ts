import type { Host, SecretReference } from "./host.ts";
import type { Service } from "./service.ts";
import type { ServiceLevel } from "./service-level.ts";

/** Who and what we look after, as it was written down. Every name in it that refers to another one was found. */
export interface Inventory {
  /** Absolute; absent for this machine alone. */
  readonly file?: string;
  /** In the order of the file. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** Group → names of its hosts. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly ups: ReadonlyMap<string, Ups>;
  readonly environments: ReadonlyMap<string, Environment>;
  readonly sla: ReadonlyMap<string, ServiceLevel>;
  readonly repositories: ReadonlyMap<string, Repository>;
  readonly services: ReadonlyMap<string, Service>;
  /** Where each host was found. */
  readonly sources: ReadonlyMap<string, HostSource>;
  /** What was left out of foreign files and why, for people. */
  readonly warnings: readonly string[];
}

export interface HostSource {
  readonly kind: "inventory" | "ansible" | "ssh" | "this machine";
  readonly file?: string;
  readonly line?: number;
}

/** A UPS, and the host whose NUT or apcupsd knows it. */
export type Ups =
  | { readonly name: string; readonly tool: "nut"; readonly nutName: string; readonly host: string }
  | { readonly name: string; readonly tool: "apcupsd"; readonly host: string };

export interface Environment {
  readonly name: string;
  readonly groups: readonly string[];
  /** Those of its groups too. */
  readonly hosts: readonly string[];
  /** The environment that must run what this one gets. */
  readonly after?: string;
}

/** Where backups go. */
export type Repository = {
  readonly name: string;
  /** Nodes may add and never delete. */
  readonly appendOnly: boolean;
  readonly password?: SecretReference;
} & (
  | {
      readonly tool: "restic" | "borg" | "kopia";
      /** In the words of the tool: `sftp:user@host:/path`. */
      readonly address: string;
    }
  | {
      /** Takes what the file system of a service sends. */
      readonly tool: "btrfs" | "zfs";
      /** A folder, or a dataset. */
      readonly place: string;
      readonly host: string;
    }
  | {
      /** A removable medium, known by its label and more. */
      readonly tool: "cold";
      readonly label: string;
      readonly serial?: string;
      readonly uuid?: string;
      /** The host it is plugged into. */
      readonly host: string;
      readonly encrypt?: "age" | "luks" | "zfs" | "none";
    }
);
