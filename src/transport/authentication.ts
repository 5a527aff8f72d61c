import { readFile } from "node:fs/promises";
import ssh2, {
  type AnyAuthMethod,
  type AuthHandlerMiddleware,
  type BaseAgent,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
} from "ssh2";
import type { Deadline } from "./deadline.ts";
import { type EffectiveConfig, expandPath } from "./effective-config.ts";
import { fingerprintOf } from "./host-keys.ts";
import type { KeyRing } from "./key-ring.ts";

/** The ways to prove who we are to one host, in order: keys of the agent, then key files. */
export interface Authentication {
  readonly toHandler: (user: string, deadline: Deadline) => AuthHandlerMiddleware;
  /** What was offered and what was left out and why, in the user's words. */
  readonly tried: () => string;
  readonly succeeded: () => string;
  /** The agent would not sign although it has the key: one that is constrained to destinations refuses us. */
  readonly agentRefused: () => boolean;
}

interface Candidate {
  readonly name: string;
  readonly toMethod: (user: string) => Promise<AnyAuthMethod | { readonly skipped: string }>;
}

/** Reads the agent's list and the public halves of the key files. Nothing secret is read before it is needed. */
export async function prepareAuthentication(
  host: string,
  config: EffectiveConfig,
  keys: KeyRing,
): Promise<Authentication> {
  const files = config
    .all("identityfile")
    .map((file) => expandPath(file, config))
    .filter((file) => file !== undefined);
  const publicHalves = await Promise.all(files.map(readPublicHalf));
  const configured = publicHalves.filter((half) => half !== undefined);

  const onlyConfigured = config.first("identitiesonly") === "yes";
  // Of the agent's keys none would be offered then: it need not be asked.
  const socket = onlyConfigured && configured.length === 0 ? undefined : agentSocket(config);
  const agent = socket === undefined ? undefined : ssh2.createAgent(socket);
  const held = agent ? await identitiesOf(agent) : [];
  const isConfigured = (key: ParsedKey) => configured.some((half) => half.equals(key.getPublicSSH()));
  const offered = [
    ...held.filter(isConfigured),
    ...(onlyConfigured ? [] : held.filter((key) => !isConfigured(key))),
  ];
  let refusals = 0;
  const fromAgent = offered.map(
    (key): Candidate => ({
      name: `agent key ${fingerprintOf(key.getPublicSSH())}`,
      toMethod: async (username) => ({
        type: "agent",
        username,
        agent: new OneKeyAgent(agent as BaseAgent, key, () => refusals++) as BaseAgent,
      }),
    }),
  );
  const fromFiles = files
    .filter((_file, index) => {
      const half = publicHalves[index];
      return !half || !offered.some((key) => key.getPublicSSH().equals(half));
    })
    .map(
      (file): Candidate => ({
        name: file,
        toMethod: async (username) => {
          const key = await keys.load(file, host);
          if ("skipped" in key) return key;
          return "agent" in key
            ? { type: "agent", username, agent: key.agent }
            : { type: "publickey", username, key: key.key };
        },
      }),
    );

  const notes: string[] = [];
  let current = "";
  return {
    toHandler: (user, deadline) => {
      const waiting = [...fromAgent, ...fromFiles];
      return (methodsLeft, partialSuccess, next) => {
        const proceed = async () => {
          if (current !== "") notes.push(`${current} was refused`);
          current = "";
          if (partialSuccess) notes.push(`it wants ${(methodsLeft ?? []).join(" and ")} as well`);
          if (partialSuccess || (methodsLeft && !methodsLeft.includes("publickey"))) return false;
          for (let candidate = waiting.shift(); candidate; candidate = waiting.shift()) {
            const method = await candidate.toMethod(user);
            if ("type" in method) {
              current = candidate.name;
              return method;
            }
            if (method.skipped !== "") notes.push(`${candidate.name} was left out (${method.skipped})`);
          }
          return false;
        };
        deadline.pause();
        void proceed()
          .catch(() => false as const)
          .then((method) => {
            deadline.resume();
            (next as (method: AnyAuthMethod | false) => void)(method);
          });
      };
    },
    tried: () => (notes.length > 0 ? notes.join(", ") : "there is no key in the agent and no key file"),
    succeeded: () => current,
    agentRefused: () => refusals > 0,
  };
}

/** What OpenSSH would take for the agent's socket. */
export function agentSocket(config: EffectiveConfig): string | undefined {
  const configured = config.first("identityagent");
  if (configured === "none") return undefined;
  if (configured === undefined || configured === "SSH_AUTH_SOCK")
    return process.env["SSH_AUTH_SOCK"] || undefined;
  if (configured.startsWith("$"))
    return process.env[configured.slice(1).replace(/^\{(.*)\}$/, "$1")] || undefined;
  return expandPath(configured, config);
}

// One that hangs, such as that of a forgotten session, must not hold up those who do not need it.
const agentTimeoutMs = 3000;

function identitiesOf(agent: BaseAgent): Promise<readonly ParsedKey[]> {
  return new Promise((resolve) => {
    setTimeout(() => resolve([]), agentTimeoutMs).unref();
    agent.getIdentities((error, keys) => {
      // An agent that is not there is as good as one that is empty.
      resolve(
        error
          ? []
          : (keys ?? []).filter((key): key is ParsedKey => typeof key === "object" && "getPublicSSH" in key),
      );
    });
  });
}

async function readPublicHalf(file: string): Promise<Buffer | undefined> {
  const path = file.endsWith(".pub") ? file : `${file}.pub`;
  const text = await readFile(path, "utf8").catch(() => "");
  const key = text === "" ? undefined : ssh2.utils.parseKey(text);
  return key === undefined || key instanceof Error ? undefined : key.getPublicSSH();
}

/** Shows the server a single key of the agent, so that we know which one was taken. */
class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #key: ParsedKey;
  readonly #onRefusal: () => void;

  constructor(agent: BaseAgent, key: ParsedKey, onRefusal: () => void) {
    super();
    this.#agent = agent;
    this.#key = key;
    this.#onRefusal = onRefusal;
  }

  override getIdentities(callback: Parameters<BaseAgent<ParsedKey>["getIdentities"]>[0]): void {
    callback(undefined, [this.#key]);
  }

  override sign(key: ParsedKey, data: Buffer, options: SigningRequestOptions, callback?: SignCallback): void;
  override sign(key: ParsedKey, data: Buffer, callback: SignCallback): void;
  override sign(
    key: ParsedKey,
    data: Buffer,
    optionsOrCallback: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const [options, after] =
      typeof optionsOrCallback === "function" ? [{}, optionsOrCallback] : [optionsOrCallback, callback];
    this.#agent.sign(key, data, options, (error, signature) => {
      if (error) this.#onRefusal();
      after?.(error, signature);
    });
  }
}
