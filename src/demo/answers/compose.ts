import { hexOf } from "../stand-ins.ts";
import { changeContainers, isContainerVerb } from "./container-verbs.ts";
import { logOf } from "./logs.ts";
import { complain, lines, optionOf, type Surroundings, say } from "./tool.ts";

/** Compose labels a container by what its files say of the service. */
export const configHashOf = (host: string, project: string, service: string) =>
  hexOf(`${host} ${project} ${service} config`, 64);

/** `docker compose`: the log of a project, starting and stopping it, and what its files say, as hashes. */
export function compose(args: readonly string[], surroundings: Surroundings) {
  const { host, now } = surroundings;
  if (args[0] === "version") return say(`Docker Compose version ${host.system.compose}\n`);
  const name = optionOf(args, "--project-name") ?? "";
  const members = host.containers.filter(({ project }) => project === name);
  if (args.includes("logs"))
    return logOf(
      args,
      surroundings,
      members.map((each) => each.name),
      name,
    );
  const verb = args.at(-1) ?? "";
  if (isContainerVerb(verb)) return changeContainers(verb, members, now);
  const file = optionOf(args, "--file");
  if (!host.projects.some(({ folder }) => `${folder}/compose.yaml` === file))
    return complain(14, `open ${file}: no such file or directory\n`);
  if (!args.includes("config") || optionOf(args, "--hash") !== "*")
    return complain(1, "unknown docker command\n");
  const services = [...new Set(members.flatMap(({ service }) => service ?? []))].sort();
  return say(lines(services.map((service) => `${service} ${configHashOf(host.name, name, service)}`)));
}
