import { backends } from "../../src/backends/registry.ts";
import type { Output } from "../../src/command/command.ts";
import type { KnownHost } from "../../src/model/homelab.ts";
import type { Known } from "../../src/model/resources.ts";
import { type DeployRequest, planDeploy } from "../../src/operations/deploy.ts";
import type { Ground } from "../../src/operations/ground.ts";
import { sha256 } from "../../src/plan/digest.ts";
import type { Plan } from "../../src/plan/plan.ts";
import type { Planning, PlanningAnswers, PlanningQuestion } from "../../src/plan/planning.ts";
import { toText } from "../../src/plan/text.ts";
import { inventoryOf } from "../inventory-of.ts";

/** What there is to know when something is planned. */
export interface World {
  /** Files of ours by their path. `mode` is 0644 for all of them. */
  readonly own?: Readonly<Record<string, string>>;
  /** Files of the hosts, by their path, or by `host:path`. */
  readonly there?: Readonly<Record<string, string>>;
  /** What else the host answers: a piece of the command, and its output or exit code. */
  readonly says?: Readonly<Record<string, string | number | Partial<Output>>>;
  readonly feeds?: Readonly<Record<string, string>>;
  /** What our own programs say: exit code, and lines. */
  readonly programs?: PlanningAnswers["program"];
}

/** A world with a service in it. */
export interface Scene extends World {
  readonly inventory: string;
  /** What stands for the service, where it runs. */
  readonly main?: Partial<Known>;
  readonly resources?: readonly Known[];
  /** Of vps1. */
  readonly facts?: Partial<KnownHost["facts"]>;
  readonly request?: Partial<DeployRequest>;
}

/** What systemd says of the unit of web. */
export const unitState = (active: string): string =>
  `Id=web.service\nActiveState=${active}\nUnitFileState=generated\nInvocationID=${"a1".repeat(16)}\nNeedDaemonReload=no\n`;

/** A host on which the quadlet of web runs. */
export const runsQuadlet = {
  says: {
    "podman --version": "podman version 5.4.2",
    "systemctl show --property=Id": unitState("active"),
  },
  main: { kind: "unit", backend: "systemd", name: "web.service" },
} as const;

/** Plans a deployment with played hosts and files. A question that nobody thought of fails the test. */
export const planIn = (scene: Scene, name = "web"): Promise<Plan> =>
  planWith((ground) => planDeploy({ verb: "deploy", name, ...scene.request }, ground), scene);

export async function planWith(word: (ground: Ground) => Planning<Plan>, scene: Scene): Promise<Plan> {
  return play(word(await groundOf(scene)), scene);
}

export function play<Result>(planning: Planning<Result>, world: World): Result {
  let next = planning.next();
  while (!next.done) next = planning.next(next.value.map((question) => answer(question, world)));
  return next.value;
}

function answer(question: PlanningQuestion, world: World): PlanningAnswers[keyof PlanningAnswers] {
  const { own = {}, programs, feeds = {} } = world;
  switch (question.kind) {
    case "host":
      return onHost(question.host, toText(question.command), world);
    case "file": {
      const text = own[question.file];
      return text === undefined ? undefined : { text, sha256: sha256(text), mode: 0o100644 };
    }
    case "folder": {
      const folder = `${question.folder}/`;
      return Object.keys(own).flatMap((file) => (file.startsWith(folder) ? [file.slice(folder.length)] : []));
    }
    case "program":
      if (programs) return programs;
      throw new Error(`Nobody plays ${question.argv.join(" ")}`);
    case "feed": {
      const feed = feeds[question.url];
      if (feed === undefined) throw new Error(`Nobody plays ${question.url}`);
      return feed;
    }
    default:
      return question satisfies never;
  }
}

function onHost(host: string, text: string, { there = {}, says = {} }: World): Output {
  const contentOf = (path: string) => there[`${host}:${path}`] ?? there[path];
  const said = (stdout: string, exitCode = 0) => ({ exitCode, stdout, stderr: "" });
  const noted = Object.keys(there).filter((path) => path.includes("/var/lib/scrap/placed/"));
  const paths = text.split(" -- ")[1]?.split(" ") ?? [];
  const lines = (line: (path: string, content: string) => string) =>
    paths
      .flatMap((path) => {
        const content = contentOf(path);
        return content === undefined ? [] : [line(path, content)];
      })
      .join("\n");
  if (text.startsWith("sha256sum ")) return said(lines((path, content) => `${sha256(content)}  ${path}`));
  if (text.startsWith("stat ")) return said(lines((path) => `644 0:0 ${path}`));
  if (text.startsWith("grep -rhs ")) return said(noted.map(contentOf).join(""));
  if (text.startsWith("head ")) return said(contentOf(paths[0] ?? "") ?? "");
  const [, found] = Object.entries(says).find(([piece]) => text.includes(piece)) ?? [];
  if (found === undefined) throw new Error(`Nobody answers: ${text}`);
  if (typeof found === "object") return { ...said(""), ...found };
  return typeof found === "number" ? said("", found) : said(found);
}

export async function groundOf({ inventory: text, main, resources = [], facts }: Scene): Promise<Ground> {
  const inventory = await inventoryOf(text);
  const services = [...inventory.services.values()].map((service) => ({
    id: service.name,
    service,
    host: service.home,
    runsOn: main ? [service.home] : [],
    health: main ? "ok" : "failed",
    findings: [],
    checks: [],
    parts: main ? [{ host: service.home, findings: [], is: [], uses: [], health: "ok", ...main }] : [],
  }));
  return {
    inventory,
    backends,
    homelab: {
      hosts: facts ? [{ name: "vps1", facts }] : [],
      services,
      resources,
    } as unknown as Ground["homelab"],
    id: "20261121-1413-deploy-web-x7k2",
    now: new Date("2026-11-21T14:13:00Z"),
  };
}
