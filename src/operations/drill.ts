import type { Beside } from "../backends/data-verbs.ts";
import type { HealthCheck } from "../inventory/service.ts";
import { sight } from "../model/placement.ts";
import type { Known } from "../model/resources.ts";
import type { Check, RunStep, Step } from "../plan/plan.ts";
import { learn, type Planning } from "../plan/planning.ts";
import type { Ground } from "./ground.ts";
import type { Place } from "./places.ts";
import type { Target } from "./target.ts";

interface Drill {
  /** None where nothing can be started. */
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  /** All checks of the service are asked, and there is one: that it runs alone proves little. */
  readonly isChecked: boolean;
}

interface Mount {
  readonly Source: string;
  readonly Destination: string;
}

/**
 * Starts the image of a running container once more, cut off from every network, on restored data instead of the live
 * one, and sees that it is well. Anything else than one container of podman is not started: that is said.
 */
export function* planDrill(
  target: Target,
  besides: readonly (Beside & { readonly place: Place })[],
  ground: Ground,
): Planning<Drill> {
  const { name, host, service } = target;
  const resources = ground.homelab.resources.filter((resource) => resource.host === host);
  const seen = service && sight(service, resources);
  const containers = [seen?.main, ...(seen?.parts ?? [])].filter(isContainer);
  const [container, ...others] = containers;
  if (
    !container ||
    others.length > 0 ||
    container.backend !== "podman" ||
    container.owner ||
    besides.some(({ place }) => place.host !== host)
  )
    return {
      steps: [],
      isChecked: false,
      notes: [`${name} cannot be started apart from the live one: its files are verified, and that is all.`],
    };
  const inspect = (what: string) =>
    learn(host, {
      argv: ["podman", "inspect", "--format", `{{json ${what}}}`, container.name],
      asRoot: true,
    });
  const mounts: readonly Mount[] = JSON.parse(yield* inspect(".Mounts")) ?? [];
  const ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>> =
    JSON.parse(yield* inspect(".HostConfig.PortBindings")) ?? {};
  const live = mounts.find(
    ({ Source }) => isLive(Source) && !besides.some(({ place }) => isBelow(Source, place.folder)),
  );
  if (live)
    return {
      steps: [],
      isChecked: false,
      notes: [
        `${name} is not started apart: by ${live.Source} it would reach what is live. Its files are verified, and that is all.`,
      ],
    };
  const copy = `scrap-drill-${ground.id}`;
  const volumes = mounts.flatMap(({ Source, Destination }) => {
    const beside = besides.find(({ place }) => isBelow(Source, place.folder));
    const from = beside ? `${beside.path}${Source.slice(beside.place.folder.length)}` : Source;
    // What is not restored is shown to it, and not given to it.
    return ["-v", `${from}:${Destination}${beside ? "" : ":ro"}`];
  });
  const remove = (id: string): RunStep => ({
    kind: "run",
    id,
    title: `Remove the container ${copy}`,
    effect: "changes",
    host,
    command: { argv: ["podman", "rm", "-f", "-i", "-t", "0", copy], asRoot: true },
    again: "safe",
    timeoutMs: 60_000,
  });
  const checks = (service?.health ?? []).map((check) => toCheck(check, copy, host, ports));
  return {
    steps: [
      {
        kind: "run",
        id: "drill-start",
        title: `Start ${container.name} once more, on what was restored and without any network`,
        effect: "changes",
        host,
        command: { argv: ["sh", "-c", startScript, "scrap", container.name, copy, ...volumes], asRoot: true },
        done: isRunning(copy, host),
        undo: [remove("undo-drill-start")],
        again: "safe",
        timeoutMs: 120_000,
      },
      {
        kind: "wait",
        id: "drill-well",
        title: `Wait for it to be well for 3 s`,
        effect: "reads",
        host,
        until: [isRunning(copy, host), ...checks.flatMap((check) => check ?? [])],
        everyMs: 500,
        steadyMs: 3_000,
        timeoutMs: 60_000,
      },
      remove("drill-stop"),
    ],
    isChecked: checks.length > 0 && !checks.includes(undefined),
    notes: checks.includes(undefined)
      ? [`A check of ${name} that runs on the host is not asked of the one that is tried.`]
      : [],
  };
}

const isContainer = (resource: Known | undefined): resource is Known<"container"> =>
  resource?.kind === "container";

const isBelow = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);

const isRunning = (name: string, host: string): Check => ({
  kind: "command",
  title: `${name} runs`,
  host,
  command: { argv: ["podman", "inspect", "--format", "{{.State.Status}}", name], asRoot: true },
  expect: { stdout: "running" },
});

/** What runs is reached by its sockets, read-only or not, and without a network. */
const isLive = (path: string) => /^(\/var)?\/run(\/|$)|\.sock$/.test(path);

/** Asked inside its network, where the ports are those of the container. */
function toCheck(
  check: HealthCheck,
  copy: string,
  host: string,
  ports: Readonly<Record<string, readonly { readonly HostPort: string }[] | null>>,
): Check | undefined {
  const { timeoutMs } = check;
  const common = { kind: "command", host, expect: { exitCode: 0 } } as const;
  const inside = (port: string) =>
    Object.entries(ports)
      .find(([, bindings]) => bindings?.some(({ HostPort }) => HostPort === port))?.[0]
      .replace(/\/.*/, "") ?? port;
  if (check.kind === "command")
    return check.in === undefined
      ? undefined
      : {
          ...common,
          title: check.argv.join(" "),
          command: { argv: ["podman", "exec", copy, ...check.argv], asRoot: true, timeoutMs },
        };
  const url = new URL(check.kind === "http" ? check.url : `telnet://127.0.0.1:${check.port}`);
  url.port = inside(url.port);
  const script = check.kind === "http" ? httpScript : tcpScript;
  const where = check.kind === "http" ? url.href : url.port;
  return {
    ...common,
    title: check.kind === "http" ? url.href : `port ${url.port}`,
    command: { argv: ["sh", "-c", script, "scrap", copy, where], asRoot: true, timeoutMs: timeoutMs + 2_000 },
  };
}

const within = `nsenter -n -t "$(podman inspect --format '{{.State.Pid}}' "$1")"`;
const httpScript = `${within} curl -fsSk -o /dev/null --max-time 5 "$2"`;
const tcpScript = `${within} bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"' scrap "$2"`;

/** Its environment may hold secrets: it goes from one to the other on the host, and comes to nobody's eyes. */
const startScript = `c=$1 n=$2; shift 2; mkdir -p -m 700 /run/scrap; f=$(mktemp /run/scrap/drill.XXXXXX) || exit; trap 'rm -f "$f"' EXIT; podman inspect --format '{{range .Config.Env}}{{println .}}{{end}}' "$c" >"$f" || exit; image=$(podman inspect --format '{{.Image}}' "$c") || exit; podman inspect --format '{{range .Config.Cmd}}{{println .}}{{end}}' "$c" >"$f.cmd" || exit; set -- "$@" "$image"; while IFS= read -r word; do [ -z "$word" ] || set -- "$@" "$word"; done <"$f.cmd"; rm -f "$f.cmd"; podman run -d --name "$n" --network none --env-file "$f" "$@"`;
