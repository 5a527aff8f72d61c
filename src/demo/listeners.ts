import type { ServerChannel } from "ssh2";
import type { Surroundings } from "./answers/tool.ts";
import type { SimulatedHost } from "./state.ts";
import type { Port } from "./state-workloads.ts";

/** Connections that a client makes through a host: what listens there answers, in as few words as a health check needs. */
export function answerForward(
  surroundings: () => Surroundings,
  address: string,
  port: number,
  accept: () => ServerChannel,
  reject: () => void,
): void {
  const { host } = surroundings();
  const listening = isHere(address, host) ? portsOf(host).find(({ number }) => number === port) : undefined;
  if (!listening) {
    reject();
    return;
  }
  const channel = accept();
  channel.on("error", () => {});
  channel.on("end", () => channel.end());
  if (listening.speaks === "tcp") channel.resume();
  else channel.once("data", () => channel.end(page(host.name)));
}

const isHere = (address: string, { name }: SimulatedHost) =>
  ["127.0.0.1", "localhost", "::1", name].includes(address);

/** What is up and well listens; a container that is sick hears nobody. */
const portsOf = ({ units, containers }: SimulatedHost): readonly Port[] => [
  ...units.filter(({ active }) => active === "active").flatMap(({ ports }) => ports),
  ...containers
    .filter(({ state, health }) => state === "running" && (health === "" || health === "healthy"))
    .flatMap(({ ports }) => ports),
];

function page(host: string): string {
  const body = `${host} is well\n`;
  return `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
}
