import { present } from "./build-hosts.ts";
import type { HealthFields } from "./schema-health.ts";
import type { HealthCheck } from "./service.ts";

const defaultHealthTimeoutMs = 5000;

/** A port without an address is one of 127.0.0.1, seen from the host. */
export function toHealthCheck(fields: HealthFields): HealthCheck {
  const common = { timeoutMs: fields.timeout ?? defaultHealthTimeoutMs, ...present({ on: fields.on }) };
  const { tcp, http, status, insecure, command, in: container } = fields;
  if (tcp !== undefined) return { kind: "tcp", ...toEndpoint(tcp), ...common };
  if (http !== undefined) {
    return {
      kind: "http",
      url: http,
      ...(status === undefined ? {} : { status: [status].flat() }),
      ...(insecure === true ? { insecure } : {}),
      ...common,
    };
  }
  const [program = "", ...args] = command ?? [];
  return { kind: "command", argv: [program, ...args], ...present({ in: container }), ...common };
}

function toEndpoint(tcp: number | string): { readonly address: string; readonly port: number } {
  const [, address, port] = /^(?:(.*):)?(\d+)$/.exec(`${tcp}`) ?? [];
  return { address: address?.replace(/^\[(.*)\]$/, "$1") ?? "127.0.0.1", port: Number(port) };
}
