import { askHost, type Planning } from "../../../plan/planning.ts";
import type { ImageVerbs, Steps } from "../../verbs.ts";
import { pullFailures } from "../pull.ts";
import { docker } from "./lifecycle.ts";

export const images: ImageVerbs = {
  *fetch(image, host): Planning<Steps> {
    const inspect = docker("image", "inspect", "--format", "{{.Id}}", "--", image);
    const { exitCode, stderr } = yield* askHost(host, inspect);
    if (exitCode === 0) return [];
    if (exitCode !== 1 || !/no such image/i.test(stderr))
      return { whyNot: `docker on ${host} does not answer: ${stderr.trim()}` };
    return [
      {
        kind: "run",
        id: "pull",
        title: `Pull ${image}`,
        effect: "changes",
        host,
        command: docker("pull", "--quiet", "--", image),
        output: pullFailures(image),
        done: {
          kind: "command",
          title: `${image} is there`,
          host,
          command: inspect,
          expect: { exitCode: 0 },
        },
        again: "safe",
        undo: [],
        timeoutMs: 1_800_000,
      },
    ];
  },
};
