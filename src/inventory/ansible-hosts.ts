import { type core, safeParse } from "zod/mini";
import { parseSshArguments } from "./ansible-ssh-args.ts";
import type { Variables } from "./ansible-tree.ts";
import { type PartialHost, present } from "./build-hosts.ts";
import type { Become } from "./host.ts";
import { describeFound } from "./issues.ts";
import { resolvePath, resolveSshConfig } from "./paths.ts";
import { jump as jumpSchema } from "./schema-hosts.ts";
import { address, operand, port, userName } from "./schema-words.ts";

export interface AnsibleFile {
  readonly file: string;
  readonly home: string;
  readonly warn: (host: string, message: string) => void;
}

const connectionsBySsh = new Set(["ssh", "smart", "paramiko", "paramiko_ssh", "ansible.builtin.ssh", ""]);

/** What Ansible's variables say of how to reach a host. Undefined, with a warning, where that is not by SSH. */
export function toAnsibleHost(
  name: string,
  variables: Variables,
  around: AnsibleFile,
): PartialHost | undefined {
  const warn = (message: string) => around.warn(name, message);
  const read = <Value>(schema: core.$ZodType<Value>, ...names: string[]): Value | undefined => {
    const found = names.find((variable) => variables[variable] !== undefined);
    if (found === undefined) return undefined;
    const value = variables[found];
    const isNumber = typeof value === "string" && /^\d{1,5}$/.test(value) && found.endsWith("port");
    const result = safeParse(schema, isNumber ? Number(value) : value);
    if (result.success && !isTemplate(value)) return result.data;
    warn(`${found} is ${describeFound(variables[found])} and was left out`);
    return undefined;
  };
  const { ansible_connection } = variables;
  const connection = textOf(ansible_connection);
  const isLocal = connection === "local" || connection === "ansible.builtin.local";
  if (!isLocal && !connectionsBySsh.has(connection)) {
    warn(`left out, because it is not reached by SSH (ansible_connection ${describeFound(connection)})`);
    return undefined;
  }
  const ssh = ["ansible_ssh_common_args", "ansible_ssh_extra_args"].map((variable) =>
    parseSshArguments(textOf(variables[variable])),
  );
  for (const word of ssh.flatMap(({ leftOut }) => leftOut)) warn(`${describeFound(word)} was left out`);
  const identityFile = read(operand, "ansible_ssh_private_key_file", "ansible_private_key_file");
  const sshConfig = ssh.find((one) => one.sshConfig !== undefined)?.sshConfig;
  const wanted = ssh.find((one) => one.jump !== undefined)?.jump;
  const jump = safeParse(jumpSchema, wanted).data;
  if (jump !== wanted) warn(`the jump host ${describeFound(wanted)} was left out`);
  return {
    name,
    groups: [],
    ...present({
      address: read(address, "ansible_host", "ansible_ssh_host"),
      port: read(port, "ansible_port", "ansible_ssh_port"),
      user: read(userName, "ansible_user", "ansible_ssh_user"),
      identityFile: identityFile && resolvePath(identityFile, around.file, around.home),
      sshConfig: sshConfig && resolveSshConfig(sshConfig, around.file, around.home),
      jump,
      become: toBecome(variables, warn),
      transport: isLocal ? ("local" as const) : undefined,
    }),
  };
}

function toBecome(variables: Variables, warn: (message: string) => void): Become | undefined {
  const { ansible_become: wanted, ansible_become_method } = variables;
  const method = textOf(ansible_become_method).replace(/^(?:ansible\.builtin|community\.general)\./, "");
  if (wanted !== undefined && !isTrue(wanted)) return "none";
  if (method === "sudo" || method === "doas") return method;
  if (method !== "") {
    warn(`ansible_become_method ${describeFound(method)} is unknown here; sudo and doas are`);
    return "none";
  }
  return wanted === undefined ? undefined : "sudo";
}

/** Who renders it is Ansible alone. */
const isTemplate = (value: unknown) => typeof value === "string" && value.includes("{{");

const isTrue = (value: unknown) =>
  value === true || value === 1 || (typeof value === "string" && /^(?:y|yes|true|on|1|t)$/i.test(value));

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
