import type { User } from "../../../command/command.ts";
import type { Runs } from "../../../inventory/service.ts";
import { askHost, type Planning } from "../../../plan/planning.ts";
import type { Resource } from "../../resource.ts";
import type { DeployVerbs, Placement, WhyNot, Wish } from "../../verbs.ts";
import { imagesInYaml, imagesOfQuadlet, isQuadlet } from "../quadlets.ts";
import { takeEffect } from "./take-effect.ts";
import { pathOf, subjectOf, unitOf } from "./unit-files.ts";

/** Units with their files, quadlets, and a manifest that a `.kube` quadlet plays. */
export const deploy: DeployVerbs = { runs: ["unit", "quadlet"], standsFor, place, takeEffect };

function* place(wish: Wish, host: string): Planning<Placement | WhyNot> {
  const { runs, from, service } = wish;
  const files = from.kind === "manifest" ? withKube(wish) : wish.files;
  if (files === undefined)
    return { whyNot: `A manifest is played by a quadlet such as ${service}.kube, not by ${runs.name}.` };
  if (runs.kind === "quadlet" && !files.some(({ name }) => name === runs.name))
    return { whyNot: `There is no ${runs.name} among the files of ${service}.` };
  const placed = [];
  for (const file of files) {
    const path = pathOf(file.name, wish);
    if (path === undefined)
      return {
        whyNot: `Nobody said where ${file.name} goes on ${host}: it is no unit.`,
        hint: "`from: { files: …, to: /the/folder }` says it.",
      };
    placed.push({ ...file, path });
  }
  const quadlets = files.filter(({ name }) => isQuadlet(subjectOf(name) ?? ""));
  const tooOld = quadlets.length > 0 ? yield* findTooOld(host) : undefined;
  if (tooOld) return tooOld;
  const images = [
    ...quadlets.flatMap(({ text }) => imagesOfQuadlet(text)),
    ...(from.kind === "manifest" ? wish.files.flatMap(({ text }) => imagesInYaml(text)) : []),
  ];
  return { files: placed, images: [...new Set(images)], engine: "podman" };
}

/** The manifest, and the quadlet that plays it. */
function withKube({ runs, files, owner }: Wish) {
  const [manifest] = files;
  if (!runs.name.endsWith(".kube") || !manifest) return undefined;
  const boot = owner ? "default.target" : "multi-user.target";
  const text = `[Kube]\nYaml=${manifest.name}\n\n[Install]\nWantedBy=${boot}\n`;
  return [manifest, { name: runs.name, text, isMade: true as const }];
}

function* findTooOld(host: string): Planning<WhyNot | undefined> {
  const { exitCode, stdout } = yield* askHost(host, { argv: ["podman", "--version"] });
  if (exitCode !== 0) return { whyNot: `There is no podman on ${host}, which runs quadlets.` };
  const [version = "", major = 0, minor = 0] = /(\d+)\.(\d+)\S*/.exec(stdout) ?? [];
  if (Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 4)) return undefined;
  return {
    whyNot: `podman ${version} on ${host} does not know quadlets: 4.4 and later do.`,
    hint: "A unit of your own, which runs podman, works there: `runs: { unit: … }`.",
  };
}

function standsFor({ name }: Runs, owner: User | undefined): Resource {
  return {
    kind: "unit",
    name: unitOf(name),
    ...(owner ? { user: owner.name, owner } : {}),
    findings: [],
    seenAt: new Date(0),
    is: [],
    uses: [],
    details: { description: "", load: "not-found", active: "inactive", sub: "dead" },
  };
}
