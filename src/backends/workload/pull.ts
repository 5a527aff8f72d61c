import type { RunStep } from "../../plan/plan.ts";

const away =
  "connection refused|no such host|no route to host|network is unreachable|i/o timeout|TLS handshake timeout|deadline exceeded|name resolution|server misbehaving|request canceled";

/** What podman and docker say of an image that they do not get, in plain words. */
export function pullFailures(image: string): NonNullable<RunStep["output"]> {
  const [first = ""] = image.split("/");
  const registry = /[.:]|^localhost$/.test(first) && image.includes("/") ? first : "docker.io";
  const means = [
    { match: "no space left on device", says: "the disk is full" },
    { match: "manifest unknown|not found: manifest|name unknown", says: `${registry} has no ${image}` },
    {
      match: "unauthorized|authentication required|access (to the resource is )?denied",
      says: `${registry} does not give ${image} to everybody: it may want a login on this host, or the name is wrong`,
    },
    {
      match: "HTTP response to HTTPS client",
      says: `${registry} does not speak TLS, and the host insists on it`,
    },
    { match: away, says: `the registry ${registry} does not answer this host` },
  ];
  return { means };
}
