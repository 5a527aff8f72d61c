import { speaksOf } from "./homelab/products.ts";
import type { Container } from "./state-workloads.ts";

/** What a `.container` file says of its container. */
export type Quadlet = Pick<Container, "name" | "image" | "health" | "ports" | "mounts" | "pod">;

/** As the owner of the homelab wrote it. */
export function wordQuadlet({ name, image, health, ports, mounts, pod }: Quadlet, isOfUser: boolean): string {
  const own = [
    `Image=${image}`,
    `ContainerName=${name}`,
    ...(pod === undefined ? [] : [`Pod=${pod}.pod`]),
    ...ports.map(({ number, inside = number }) => `PublishPort=${number}:${inside}`),
    ...mounts.map(({ type, source }) => `Volume=${type === "volume" ? volumeOf(source) : source}:/data`),
    ...(health === "" ? [] : [`HealthCmd=wget -q -O /dev/null http://127.0.0.1:${ports[0]?.inside ?? 80}/`]),
  ];
  const boot = isOfUser ? "default.target" : "multi-user.target";
  return `[Container]\n${own.join("\n")}\n\n[Service]\nRestart=always\nRestartSec=2\n\n[Install]\nWantedBy=${boot}\n`;
}

/** Undefined where podman's generator would make no unit of it: without an image there is nothing to run. */
export function readQuadlet(text: string): Quadlet | undefined {
  const all = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) => value);
  const [image] = all("Image");
  const [name] = all("ContainerName");
  if (image === undefined || name === undefined) return undefined;
  const [pod] = all("Pod");
  return {
    name,
    image,
    health: all("HealthCmd").length > 0 ? "healthy" : "",
    ports: all("PublishPort").map((port) => {
      const [number, inside] = port.split(":").slice(-2).map(Number);
      return { number: number ?? 0, inside: inside ?? number ?? 0, speaks: speaksOf(image) };
    }),
    mounts: all("Volume").map((volume) => {
      const [source = ""] = volume.split(":");
      return source.startsWith("/")
        ? { type: "bind", source }
        : { type: "volume", source: `${volumes}/${source}/_data` };
    }),
    ...(pod === undefined ? {} : { pod: pod.replace(/\.pod$/, "") }),
  };
}

const volumes = "/var/lib/containers/storage/volumes";
const volumeOf = (source: string) => source.slice(volumes.length + 1).split("/")[0];
