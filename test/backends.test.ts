import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { keyOf, type Observations, type Probe } from "../src/backends/probe.ts";
import { backends } from "../src/backends/registry.ts";
import { toShell } from "../src/command/command.ts";
import { Failure } from "../src/errors.ts";
import { fileOf, placesFile, readScene, replay, scenes } from "./recording.ts";

const nothing: Observations = { of: () => ({ status: "unasked" }) };

/** What every backend promises. A new backend is tested by being registered and recorded. */
describe.each(scenes)("%s", (scene) => {
  const recordings = readScene(scene);
  const plays = backends.flatMap((backend) => {
    const played = replay(backend, recordings);
    // A scene may be about some of the backends only: then nothing of the others was recorded.
    return played && played.missing.length < played.probes.length ? [{ backend, played }] : [];
  });

  it("has a question for each of its answers, and an answer to each question", () => {
    const asked = plays.flatMap(({ played }) => played.probes.map(fileOf));
    const recorded = recordings
      .map(({ file }) => file)
      .filter((file) => file !== "look.txt" && file !== placesFile);
    expect(recorded.filter((file) => !asked.includes(file))).toEqual([]);
    expect(plays.flatMap(({ played }) => played.missing)).toEqual([]);
  });

  describe.each(plays.map((play) => [play.backend.id, play] as const))("%s", (id, { backend, played }) => {
    it.each(played.probes.map((probe) => [keyOf(probe), probe] as const))("reads %s", (_key, probe) => {
      const recording = recordings.find(({ file }) => file === fileOf(probe));
      expect(toShell(probe.question)).toBe(recording?.shell);
      if (recording?.fact !== undefined && recording) {
        expect(JSON.parse(JSON.stringify(probe.parse(recording.output)))).toEqual(recording.fact);
      } else if (recording) {
        expect(() => probe.parse(recording.output)).toThrow(Failure);
      }
    });

    it.each(played.probes.map((probe) => [keyOf(probe), probe] as const))(
      "survives %s cut short",
      (_key, probe) => {
        const { output } = recordings.find(({ file }) => file === fileOf(probe)) ?? {};
        if (!output) return;
        const step = Math.ceil(output.stdout.length / 3000);
        for (let end = 0; end < output.stdout.length; end += step) {
          expectFactOrFailure(probe, { ...output, stdout: output.stdout.slice(0, end) });
        }
      },
    );

    it("makes the same things of it", async () => {
      const resources = backend.resources(played, nothing);
      await expect(`${JSON.stringify(resources, null, 1)}\n`).toMatchFileSnapshot(
        `./recordings/${scene}/${id}.resources.json`,
      );
    });

    it("says what it could not see rather than nothing", () => {
      const blind = backend.resources({ found: played.found, observations: nothing }, nothing);
      for (const { findings } of blind)
        expect(findings.every(({ severity }) => severity === "unknown")).toBe(true);
    });
  });
});

function expectFactOrFailure(probe: Probe<unknown>, output: Parameters<typeof probe.parse>[0]) {
  try {
    probe.parse(output);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
  }
}

it("has a scene for each backend, and one where it is absent", () => {
  const played = scenes.map((scene) => ({ scene, recordings: readScene(scene) }));
  for (const backend of backends) {
    const present = played.filter(({ recordings }) => replay(backend, recordings));
    expect(
      present.map(({ scene }) => scene),
      `${backend.id} is present nowhere`,
    ).not.toEqual([]);
    expect(present.length, `${backend.id} is absent nowhere`).toBeLessThan(
      played.length + (backend.id === "host" ? 1 : 0),
    );
  }
  expect(existsSync(new URL("recordings", import.meta.url))).toBe(true);
});
