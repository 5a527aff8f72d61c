import { type Answer, complain, type Surroundings, say } from "./answers/tool.ts";

type Run = (argv: readonly string[], more?: Partial<Surroundings>) => Answer;
type Script = (args: readonly string[], surroundings: Surroundings, run: Run) => Answer;

/** One folder, seen in the place of another, for one command: pairs up to `--`, then that. */
function see(pairs: readonly string[], { host }: Surroundings, run: Run): Answer {
  const end = pairs.indexOf("--");
  const seen = pairs
    .slice(0, end)
    .flatMap((from, index) => (index % 2 === 0 ? [{ from, at: pairs[index + 1] ?? "" }] : []));
  const missing = seen.find(({ from }) => {
    const [, dataset, tag] = /^\/(.+)\/\.zfs\/snapshot\/([^/]+)$/.exec(from) ?? [];
    const snapshots = host.zpools.flatMap((pool) => pool.snapshots);
    const isMounted = host.filesystems.some(({ mountpoint }) => mountpoint === from);
    return !isMounted && !snapshots.some(({ name }) => name === `${dataset}@${tag}`);
  });
  if (missing) return complain(32, `mount: ${missing.at}: special device ${missing.from} does not exist.\n`);
  return run(pairs.slice(end + 1), { seen });
}

/** Starts the image of a container once more, on other folders and without a network. */
const startAgain: Script = ([of = "", copy = "", ...volumes], { host }, run) => {
  const image = host.containers.find(({ name }) => name === of)?.image;
  if (image === undefined) return complain(125, `Error: no such object: "${of}"\n`);
  return run(["podman", "run", "-d", "--name", copy, "--network", "none", ...volumes, image]);
};

/** Asks the page of a container in its own network. */
const askInside: Script = ([name = "", url = ""], { host }) => {
  const found = host.containers.find((each) => each.name === name);
  const port = Number(new URL(url, "http://127.0.0.1").port || 80);
  const isOpen = found?.state === "running" && found.ports.some(({ inside }) => inside === port);
  return isOpen ? say("") : complain(7, `curl: (7) Failed to connect to 127.0.0.1 port ${port}\n`);
};

/** Runs a command, and writes down that it found all well. */
const noteWell: Script = ([file = "", about = "", _damaged, ...argv], surroundings, run) => {
  const answer = run(argv);
  const { host, now, dateOf } = surroundings;
  const at = dateOf(now)
    .toISOString()
    .replace(/\.\d+Z$/, "Z");
  const text = `${about},"result":"well","at":"${at}"}\n`;
  if (answer.exitCode === 0) host.files.set(file, { text, mode: "600", owner: "0:0" });
  return answer;
};

const takeAway: Script = ([path = ""], { host }) => {
  host.files.delete(path);
  return say("");
};

/** Whether its updates want it to be started anew. */
const wantsNoReboot: Script = ([name = ""], { host }) =>
  host.rebootRequired
    ? { ...say(`to finish them: scrap upgrade --host ${name} --reboot\n`), exitCode: 1 }
    : say("");

/**
 * Scripts of ours that do something around one command. Known by what they do: their text is nobody's business but that of
 * who says it.
 */
const scripts: readonly (readonly [does: string, script: Script])[] = [
  ['mount -t tmpfs -o mode=700 scrap "$root"', ([_root, ...pairs], ...rest) => see(pairs, ...rest)],
  ['mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"', see],
  [
    'restic backup "$@" && exit',
    ([_, at = "", ...args], __, run) => run(["restic", "-r", at, "backup", ...args]),
  ],
  ['restic -r "$1" unlock; restic -r "$@"', (args, _, run) => run(["restic", "-r", ...args])],
  ['podman run -d --name "$n" --network none', startAgain],
  ['curl -fsSk -o /dev/null --max-time 5 "$2"', askInside],
  ['grep -Eq "$well" "$said"', ([_well, _damaged, _lost, ...argv], _, run) => run(argv)],
  ['"result":"%s","at":"%s"}', noteWell],
  ["! [ -e /run/reboot-required ]", wantsNoReboot],
  ['rm -f -- "$1" && { rmdir -p', takeAway],
];

export const scriptOf = (text: string): Script | undefined =>
  scripts.find(([does]) => text.includes(does))?.[1];
