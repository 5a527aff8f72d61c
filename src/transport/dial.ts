import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quote } from "../command/command.ts";
import { UnreachableError } from "../errors.ts";
import type { Host } from "../inventory/host.ts";
import { prepareAuthentication } from "./authentication.ts";
import { type Choice, chooseDriver } from "./choose-driver.ts";
import { type Connector, createConnector } from "./connector.ts";
import type { Connection } from "./driver.ts";
import { openLocal } from "./drivers/local.ts";
import { openOpenssh } from "./drivers/openssh.ts";
import { NoCommonAlgorithm, openSsh2 } from "./drivers/ssh2.ts";
import { type EffectiveConfig, hopsOf, readEffectiveConfig } from "./effective-config.ts";
import { toHop } from "./hop.ts";
import { findKnownKeys, type KnownKey } from "./host-keys.ts";
import { createKeyRing } from "./key-ring.ts";
import type { Patience, TransportOptions } from "./options.ts";
import { toSshArguments } from "./ssh-arguments.ts";
import { createStarts, type Starts } from "./starts.ts";

/** Makes connections: finds out how, and through whom. */
export interface Dialler {
  /** The same connector for the same way to the same host each time, be it as a host or as a jump host. */
  readonly connector: (host: Host) => Connector;
  /** Which driver the connection was made with last, and why. */
  readonly choice: (host: Host) => Choice | undefined;
  readonly starts: Starts;
  readonly close: () => void;
}

interface Way {
  readonly host: Host;
  readonly config: EffectiveConfig;
  readonly known: readonly KnownKey[];
  /** The last jump host. */
  readonly hop?: Host;
  readonly reach: string;
}

export function createDialler(options: TransportOptions, patience: Patience): Dialler {
  const connectors = new Map<string, Connector>();
  const choices = new Map<string, Choice>();
  const keys = createKeyRing(options.askSecret);
  const starts = createStarts(options.starts);
  let controlFolder: string | undefined;

  const findWay = async (host: Host): Promise<Way> => {
    const config = await readEffectiveConfig(host, options.sshConfig);
    const hops = hopsOf(host, config);
    const hop = hops.length === 0 ? undefined : toHop(hops, host, options.hosts);
    if (hop && keyOf(hop) === keyOf(host)) {
      throw new UnreachableError("config", `${host.name} is its own jump host.`);
    }
    // A jump host that only we know by that name cannot be said to ssh.
    const jump =
      host.jump !== undefined && hops.some((name) => options.hosts.has(name)) ? undefined : host.jump;
    const reach = ["ssh", ...toSshArguments(host, options.sshConfig, jump).map(quote)].join(" ");
    return { host, config, known: await findKnownKeys(config), ...(hop ? { hop } : {}), reach };
  };

  const readyTimeoutOf = (config: EffectiveConfig) => {
    const configured = Number(config.first("connecttimeout"));
    return configured > 0 ? configured * 1000 : patience.readyTimeoutMs;
  };

  const dialSsh2 = async ({ host, config, known, hop, reach }: Way): Promise<Connection> => {
    const authentication = await prepareAuthentication(host.name, config, keys);
    const through = hop && (await connect(hop, host));
    return starts
      .run(serverOf(config, hop), async () => {
        const stream = await through?.forward(config.hostname, config.port).catch((error: Error) => {
          throw new UnreachableError(
            "connect",
            `${hop?.name} (jump host) does not reach ${host.name}: ${error.message}`,
            {
              cause: error,
            },
          );
        });
        return openSsh2({
          host: host.name,
          config,
          known,
          authentication,
          ...(stream ? { stream } : {}),
          readyTimeoutMs: readyTimeoutOf(config),
          keepaliveMs: patience.keepaliveMs,
          reach,
        });
      })
      .catch((error) => {
        throw authentication.agentRefused()
          ? new AgentRefused("auth", error.message, { cause: error })
          : error;
      });
  };

  const dialOpenssh = async ({ host, config, known, hop, reach }: Way): Promise<Connection> => {
    const through = hop && (await connect({ ...hop, transport: "openssh" }, host));
    controlFolder ??= mkdtempSync(join(process.env["XDG_RUNTIME_DIR"] || tmpdir(), "scrap-"));
    const controlPath = join(controlFolder, randomBytes(4).toString("hex"));
    return starts.run(serverOf(config, hop), () =>
      openOpenssh({
        host: host.name,
        config,
        known,
        sshArguments: toSshArguments(host, options.sshConfig, undefined),
        ...(through ? { hop: through } : {}),
        controlPath,
        readyTimeoutMs: readyTimeoutOf(config),
        keepaliveMs: patience.keepaliveMs,
        reach,
      }),
    );
  };

  const connect = async (hop: Host, target: Host): Promise<Connection> => {
    try {
      return await connector(hop).connect();
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      throw new UnreachableError(error.reason, `${target.name} is behind ${hop.name}: ${error.message}`, {
        cause: error,
        hint: error.hint,
      });
    }
  };

  const dial = async (host: Host): Promise<Connection> => {
    if (host.transport === "local") {
      choices.set(keyOf(host), { driver: "local", reason: "the inventory says that it is this machine" });
      return openLocal(host.name);
    }
    const way = await findWay(host);
    const remembered = choices.get(keyOf(host));
    const choice =
      remembered?.driver === "openssh" ? remembered : await chooseDriver(host, way.config, way.known);
    choices.set(keyOf(host), choice);
    if (choice.driver === "openssh") return dialOpenssh(way);
    try {
      return await dialSsh2(way);
    } catch (error) {
      const reason =
        error instanceof NoCommonAlgorithm
          ? "the built-in client has no algorithm in common with the host"
          : error instanceof AgentRefused
            ? "the agent does not sign for the built-in client (a key constrained to destinations)"
            : undefined;
      if (reason === undefined || host.transport === "ssh2") throw error;
      choices.set(keyOf(host), { driver: "openssh", reason });
      return dialOpenssh(way);
    }
  };

  const connector = (host: Host): Connector => {
    const key = keyOf(host);
    const known = connectors.get(key) ?? createConnector(() => dial(host), patience.backOffMs);
    connectors.set(key, known);
    return known;
  };

  return {
    connector,
    starts,
    choice: (host) => choices.get(keyOf(host)),
    close: () => {
      for (const each of connectors.values()) each.close();
      if (controlFolder !== undefined) rmSync(controlFolder, { recursive: true, force: true });
    },
  };
}

class AgentRefused extends UnreachableError {}

const keyOf = ({ name, address, port, user, jump, sshConfig, identityFile, transport }: Host) =>
  JSON.stringify([name, address, port, user, jump, sshConfig, identityFile, transport]);

/** Which SSH server a new connection burdens: that of the jump host, where there is one, and its limits are shared. */
const serverOf = (config: EffectiveConfig, hop: Host | undefined) =>
  hop?.name ?? `${config.hostname}:${config.port}`;
