import { askHost, type Planning } from "../../../plan/planning.ts";
import type { ImageVerbs, Steps } from "../../verbs.ts";
import { pullFailures } from "../pull.ts";
import { autoUpdates } from "./auto-update.ts";
import { run } from "./probes.ts";

export const images: ImageVerbs = {
  autoUpdates,
  *fetch(image, host, user): Planning<Steps> {
    const podman = (...args: readonly string[]) => run(user ? { user } : {}, "podman", ...args);
    const exists = podman("image", "exists", image);
    const { exitCode, stderr } = yield* askHost(host, exists);
    if (exitCode === 0) return [];
    const whose = user ? ` for ${user.name}` : "";
    if (exitCode !== 1) return { whyNot: `podman on ${host} does not answer${whose}: ${stderr.trim()}` };
    if (image.startsWith("localhost/"))
      return {
        whyNot: `The image ${image} is not on ${host}${whose}, and was made by hand: it cannot be pulled.`,
        hint: `podman save ${image}, where it is, and podman load on ${host} bring it there.`,
      };
    return [
      {
        kind: "run",
        id: "pull",
        title: `Pull ${image}`,
        effect: "changes",
        host,
        command: podman("pull", "--quiet", "--", image),
        output: pullFailures(image),
        done: { kind: "command", title: `${image} is there`, host, command: exists, expect: { exitCode: 0 } },
        again: "safe",
        undo: [],
        timeoutMs: 1_800_000,
      },
    ];
  },
};
