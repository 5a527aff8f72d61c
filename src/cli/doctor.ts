import type { Backend } from "../backends/contract.ts";
import { factOf } from "../backends/contract.ts";
import { UsageError } from "../errors.ts";
import { selectHosts } from "../inventory/targets.ts";
import { unseenOf } from "../model/hosts.ts";
import { type HostState, newHost, observationsOf } from "../model/state.ts";
import type { Context } from "./context.ts";
import type { ReadOptions } from "./options.ts";
import { printDocument, toFormat } from "./output.ts";
import type { Style } from "./style.ts";
import { sudoers } from "./sudoers.ts";

export interface DoctorOptions extends ReadOptions {
  readonly sudoers?: string;
}

/** `scrap doctor [HOST…]`: how each host is reached, what is there, what stays unseen and why. */
export async function doctor(
  context: Context,
  words: readonly string[],
  options: DoctorOptions,
): Promise<number> {
  const format = toFormat(options);
  const inventory = await context.loadInventory({ ...options, orThisMachine: true });
  const hosts = selectHosts(inventory, [...words]).map(({ name }) => name);
  if (options.sudoers !== undefined && hosts.length !== 1)
    throw new UsageError("--sudoers is for one host at a time: scrap doctor --sudoers read HOST");
  const session = await context.open(inventory, options);
  try {
    await session.once(hosts, options.timeout * 1000);
    const states = hosts.map((host) => session.state().hosts.get(host) ?? newHost(host));
    if (options.sudoers !== undefined && states[0]) {
      context.print(await sudoers(options.sudoers, states[0], session.transport.link(states[0].name)));
      return 0;
    }
    const findings = states.map((host) => examine(host, session.backends));
    if (format === "json" || format === "yaml") {
      context.print(await printDocument({ version: 1, at: new Date(), hosts: findings }, format));
    } else {
      context.print(findings.map((finding) => draw(finding, context.style)).join("\n\n"));
    }
    if (findings.some(({ error }) => error)) return 3;
    return findings.some(({ unseen }) => unseen.length > 0) ? 1 : 0;
  } finally {
    await session.close();
  }
}

type Examination = ReturnType<typeof examine>;

function examine(host: HostState, backends: readonly Backend[]) {
  const { link } = host;
  return {
    name: host.name,
    ...(link.status === "up" ? { access: link.access } : {}),
    ...(link.status === "down"
      ? { error: { reason: link.error.reason, message: link.error.message, hint: link.error.hint ?? null } }
      : {}),
    tools: backends.map((backend) => examineTool(backend, host)),
    unseen: unseenOf(host),
  };
}

function examineTool({ id, title, version, looksFor }: Backend, host: HostState) {
  const state = host.backends.get(id);
  const paths = looksFor.programs.flatMap((program) => host.found?.programs.get(program) ?? []);
  if (!state) return { id, title, present: null, why: "not looked for yet", paths };
  if (!state.detection.present) return { id, title, present: false, why: state.detection.why, paths };
  const known = version && factOf(observationsOf(state.answers).of(version));
  return { id, title, present: true, version: known ?? state.detection.version ?? null, paths };
}

function draw({ name, access, error, tools, unseen }: Examination, style: Style): string {
  const line = (label: string, text: string) => `  ${style.muted(label.padEnd(9))} ${text}`;
  const lines = [style.strong(name)];
  if (error) {
    lines.push(line("reach", `${style.sign("failed")} ${error.reason}: ${error.message}`));
    if (error.hint) lines.push(line("fix", error.hint));
    return lines.join("\n");
  }
  if (!access) return [...lines, line("reach", `${style.sign("unknown")} not tried in time`)].join("\n");
  const { user, uid, how } = access.login;
  lines.push(
    line("reach", `${style.sign("ok")} ${access.destination}`),
    line("driver", `${access.driver}: ${access.driverReason}`),
    line("host key", access.hostKey ?? "none: this machine"),
    line("login", `${user ?? "?"}${uid === undefined ? "" : ` (uid ${uid})`}, ${how}`),
    line("become", becomeText(access.privilege)),
  );
  for (const tool of tools) {
    const sign = tool.present ? style.sign("ok") : style.muted("-");
    const text = tool.present
      ? `${tool.version ?? ""}  ${style.muted(tool.paths.join(" "))}`
      : style.muted(tool.why ?? "");
    lines.push(line(lines.length === 6 ? "tools" : "", `${sign} ${tool.title.padEnd(16)} ${text}`.trimEnd()));
  }
  for (const [index, { what, why, fix }] of unseen.entries()) {
    lines.push(line(index === 0 ? "unseen" : "", `${style.sign("unknown")} ${what}: ${why}`));
    if (fix !== unseen[index + 1]?.fix) lines.push(line("", `fix: ${style.strong(fix)}`));
  }
  if (unseen.length === 0) lines.push(line("unseen", "nothing"));
  return lines.join("\n");
}

function becomeText(privilege: string): string {
  if (privilege === "root") return "not needed, we are root";
  return privilege === "none" ? "no way to become root: what needs it stays unseen" : privilege;
}
