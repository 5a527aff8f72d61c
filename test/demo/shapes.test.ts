import { afterAll, beforeAll, expect, it } from "vitest";
import type { Probe } from "../../src/backends/probe.ts";
import { keyOf, type Observation, type Observations } from "../../src/backends/probe.ts";
import { backends } from "../../src/backends/registry.ts";
import { parseLook } from "../../src/command/answers.ts";
import type { Output } from "../../src/command/command.ts";
import type { StoryName } from "../../src/demo/stories.ts";
import type { Data } from "../../src/inventory/service.ts";
import { placesByHost } from "../../src/model/data.ts";
import { createTransport } from "../../src/transport/create-transport.ts";
import type { Link } from "../../src/transport/transport.ts";
import { readScene, scenes } from "../recording.ts";
import { type RunningDemo, startStill } from "./harness.ts";
import { nameOf, shapeOf } from "./shape.ts";

/** Which moments of which story, and on which hosts, show every kind of answer. */
const moments: readonly (readonly [StoryName, seconds: number, hosts?: readonly string[]])[] = [
  ["calm", 0],
  ["disk-failure", 60, ["nas"]],
  ["disk-failure", 270, ["nas"]],
  ["power-cut", 100, ["nas"]],
  ["power-cut", 270, ["cube"]],
  ["bad-upgrade", 50, ["cube"]],
  ["bad-upgrade", 54, ["cube"]],
  ["mixed", 270, ["vps1"]],
];

/** What the demo may say although no host of the lab did, and why. */
const alsoReal = new Map([
  [
    "host.sensors: /sys/class/hwmon/hwmon*/temp*_label word number",
    "coretemp calls its sensor `Package id 0`",
  ],
  ["zfs.paths: \tsize word size word number word", "a resilver that has come some way: zpool-status(8)"],
]);

/** What the demo need not say although every host of the lab did, and why. */
const ofTheLab = new Map([
  ["nut.ups: driver.parameter.mode:", "of the driver dummy-ups alone"],
  ["host.sensors: /sys/class/hwmon/hwmon*/temp*_label", "not every chip has one"],
  ["host.sensors: /sys/class/hwmon/hwmon*/temp*_label word", "the same"],
  ["host.sensors: /sys/class/hwmon/hwmon*/temp*_crit", "the same"],
  ["host.sensors: /sys/class/hwmon/hwmon*/temp*_crit number", "the same"],
]);

interface Answered {
  readonly probe: Probe<unknown>;
  readonly output: Output;
}

/** Asks a host all that the backends ask, until they ask nothing new. */
async function askAll(link: Link, places: readonly Data[]): Promise<readonly Answered[]> {
  const look = backends.map(({ looksFor }) => looksFor);
  const found = parseLook(
    (
      await link.ask({
        programs: look.flatMap(({ programs }) => programs),
        paths: look.flatMap(({ paths }) => paths),
      })
    ).stdout,
  );
  const all: Answered[] = [];
  for (const backend of backends.filter(({ detect }) => detect(found).present)) {
    const seen = new Map<string, Observation<unknown>>();
    const observations: Observations = {
      of: <Fact>(probe: Probe<Fact>) =>
        (seen.get(keyOf(probe)) ?? { status: "unasked" }) as Observation<Fact>,
    };
    const ask = async (probe: Probe<unknown>) => {
      const output = await link.ask(probe.question);
      // Throws what our own reader does not understand.
      seen.set(keyOf(probe), { status: "known", fact: probe.parse(output), at: new Date() });
      all.push({ probe, output });
    };
    if (backend.version) await ask(backend.version);
    const version = backend.version && (seen.get(keyOf(backend.version)) as { fact: string }).fact;
    const input = { found, observations, places, ...(version === undefined ? {} : { version }) };
    for (;;) {
      const next = backend.probes(input).find((probe) => !seen.has(keyOf(probe)));
      if (!next) break;
      await ask(next);
    }
  }
  return all;
}

let answers: readonly Answered[];
let demo: RunningDemo;

beforeAll(async () => {
  const all: Answered[] = [];
  for (const [story, at, names] of moments) {
    demo = await startStill({ story });
    await demo.at(at);
    const transport = createTransport({ hosts: demo.inventory.hosts });
    const places = placesByHost(demo.inventory);
    for (const name of names ?? demo.inventory.hosts.keys())
      all.push(...(await askAll(transport.link(name), places.get(name) ?? [])));
    await transport.close();
    await demo.close();
  }
  answers = all;
}, 60_000);
afterAll(() => demo.close());

const recordings = scenes.flatMap((scene) => readScene(scene)).filter(({ output }) => output.stdout !== "");
const shapes = new Map<string, readonly ReadonlySet<string>[]>();

/** What real tools answered to a probe, a shape for each recording. */
function recordedShapes({ id, question }: Probe<unknown>): readonly ReadonlySet<string>[] {
  const key = `${id} ${"files" in question ? question.files : ""}`;
  const known =
    shapes.get(key) ??
    recordings
      .filter(({ file }) => file === `${id}.txt` || file.startsWith(`${id}@`))
      .map(({ output }) => shapeOf(question, output.stdout));
  shapes.set(key, known);
  return known;
}

it("answers every probe in a shape that a real tool once had", () => {
  const strange = new Set<string>();
  for (const { probe, output } of answers) {
    const known = new Set(recordedShapes(probe).flatMap((shape) => [...shape]));
    for (const part of shapeOf(probe.question, output.stdout))
      if (!known.has(part)) strange.add(`${probe.id}: ${part}`);
  }
  expect([...strange].filter((part) => !alsoReal.has(part)).sort()).toEqual([]);
});

it("leaves out nothing that every recording has", () => {
  const missing = new Set<string>();
  for (const { probe, output } of answers.filter(({ output }) => output.stdout !== "")) {
    const recorded = recordedShapes(probe).map((shape) => new Set([...shape].map(nameOf)));
    const own = new Set([...shapeOf(probe.question, output.stdout)].map(nameOf));
    for (const part of recorded[0] ?? [])
      if (recorded.every((shape) => shape.has(part)) && !own.has(part)) missing.add(`${probe.id}: ${part}`);
  }
  expect([...missing].filter((part) => !ofTheLab.has(part)).sort()).toEqual([]);
});
