import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import type { Backend } from "../src/backends/contract.ts";
import { keyOf, type Observation, type Probe } from "../src/backends/probe.ts";
import { backends } from "../src/backends/registry.ts";
import { type Found, parseFiles, parseLook, shellFunctions } from "../src/command/answers.ts";
import { type Files, type Look, type Output, type Question, toShell } from "../src/command/command.ts";
import { Failure } from "../src/errors.ts";
import type { Data } from "../src/inventory/service.ts";
import { fileOf, formatRecording, parsePlaces, placesFile, type Recording, replay } from "./recording.ts";
import { identifyingFiles, leftovers, type StandIns, standInsFor } from "./stand-ins.ts";

const usage = `usage: npm run record -- [--ssh-config FILE] [--secret TEXT]… [--place "KIND NAME"]… SCENE HOST [BACKEND…]
  Asks HOST, as root, all that the backends would, and writes test/recordings/SCENE.
  --place "zfs tank/mail" is where a declared service keeps data.
  SCRAP_RECORD_SSH_CONFIG is the default of --ssh-config.`;

/** What was asked, what was answered, and when. */
interface Answer {
  readonly question: Question;
  readonly output: Output;
  readonly at: Date;
}

type Ask = (question: Question) => Promise<Answer>;

const preamble = `${shellFunctions}
export LC_ALL=C TZ=UTC PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cd /
`;

/** The one place that reaches a host: a shell of its own for each question. */
const askOver =
  (sshConfig: string | undefined, host: string): Ask =>
  async (question) => {
    const config = sshConfig === undefined ? [] : ["-F", sshConfig];
    const { stdout, stderr, exitCode } = await execa(
      "ssh",
      [...config, "-o", "BatchMode=yes", host, "exec /bin/sh -s"],
      {
        input: `${preamble}{ ${toShell(question)}\n} </dev/null\nexit $?\n`,
        reject: false,
        stripFinalNewline: false,
        timeout: 60_000,
      },
    );
    if (exitCode === undefined || exitCode === 255) throw new Error(`ssh ${host}: ${stderr}`);
    return { question, output: { exitCode, stdout, stderr }, at: new Date() };
  };

const isRecorded = (names: readonly string[], { id }: Backend) => names.length === 0 || names.includes(id);

const everything: Look = {
  programs: [...new Set(backends.flatMap(({ looksFor }) => looksFor.programs))].sort(),
  paths: [...new Set(backends.flatMap(({ looksFor }) => looksFor.paths))].sort(),
};

/** Asks until a backend has nothing new to ask. */
async function interview(
  backend: Backend,
  found: Found,
  places: readonly Data[],
  ask: Ask,
): Promise<readonly [Probe<unknown>, Answer][]> {
  const answers: [Probe<unknown>, Answer][] = [];
  const seen = new Map<string, Observation<unknown>>();
  const of = <Fact>(probe: Probe<Fact>) =>
    (seen.get(keyOf(probe)) ?? { status: "unasked" }) as Observation<Fact>;
  const put = async (probe: Probe<unknown>) => {
    const answer = await ask(probe.question);
    answers.push([probe, answer]);
    seen.set(keyOf(probe), read(probe, answer));
  };
  if (backend.version) await put(backend.version);
  const version = backend.version && of(backend.version);
  const input = {
    found,
    places,
    observations: { of },
    ...(version?.status === "known" ? { version: version.fact } : {}),
  };
  for (;;) {
    const next = backend.probes(input).find((probe) => !seen.has(keyOf(probe)));
    if (!next) return answers;
    await put(next);
  }
}

function read(probe: Probe<unknown>, { output, at }: Answer): Observation<unknown> {
  try {
    return { status: "known", fact: probe.parse(output), at };
  } catch (error) {
    if (error instanceof Failure) return { status: "failed", error, at };
    throw error;
  }
}

/** Files by name: the answers of a backend with stand-ins for all that tells whose they are. */
function toFiles(backend: Backend, scene: readonly Recording[], host: string, answers: readonly Recording[]) {
  const files = new Map<string, string>();
  const played = replay(backend, [...scene, ...answers]);
  for (const probe of played?.probes ?? []) {
    const answer = answers.find(({ file }) => file === fileOf(probe));
    if (!answer || toShell(probe.question) !== answer.shell)
      throw new Error(
        `With stand-ins, ${keyOf(probe)} asks: ${toShell(probe.question)}\nnot: ${answer?.shell}`,
      );
    const { fact } = { fact: undefined, ...read(probe, { ...answer, question: probe.question }) };
    const tool = played?.version === undefined ? backend.title : `${backend.title} ${played.version}`;
    files.set(answer.file, formatRecording({ ...answer, host, tool, question: probe.question, fact }));
  }
  if (files.size !== answers.length)
    throw new Error(`With stand-ins, ${backend.id} asks ${files.size} questions, not ${answers.length}.`);
  return files;
}

const disguise = (standIns: StandIns, file: string, { question, output, at }: Answer): Recording => ({
  file: standIns.replace(file),
  at,
  shell: standIns.replace(toShell(question)),
  output: {
    exitCode: output.exitCode,
    stdout: standIns.replace(output.stdout),
    stderr: standIns.replace(output.stderr),
  },
  fact: undefined,
});

async function distribution(ask: Ask): Promise<string> {
  const release: Files = { files: ["/etc/os-release"] };
  const text = [...parseFiles((await ask(release)).output.stdout).values()].join("");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  return [field("ID") || "linux", field("VERSION_ID")].filter((part) => part !== "").join("-");
}

async function record(
  scene: string,
  host: string,
  names: readonly string[],
  ask: Ask,
  { secret: secrets, place }: { readonly secret: string[]; readonly place: string[] },
) {
  const look = await ask(everything);
  const places = place.map((line) => `${line}\n`).join("");
  const found = parseLook(look.output.stdout);
  const answers = new Map<Backend, readonly [Probe<unknown>, Answer][]>();
  for (const backend of backends.filter((each) => isRecorded(names, each) && each.detect(found).present))
    answers.set(backend, await interview(backend, found, parsePlaces(places), ask));

  const heard = [look, ...[...answers.values()].flat().map(([, answer]) => answer)];
  const identity = parseFiles((await ask(identifyingFiles)).output.stdout);
  const standIns = standInsFor(
    host,
    identity,
    heard.flatMap(({ question, output }) => [toShell(question), output.stdout, output.stderr]),
  );
  const distro = await distribution(ask);
  const hiddenLook = disguise(standIns, "look.txt", look);
  const files = new Map([
    ["look.txt", formatRecording({ ...hiddenLook, host: distro, tool: "", question: everything })],
  ]);
  // Said by us, and nobody's answer.
  const said = { stdout: standIns.replace(places), stderr: "", exitCode: 0 };
  const hiddenPlaces = { file: placesFile, at: look.at, shell: "", output: said, fact: undefined };
  if (places !== "") files.set(placesFile, `-- stdout --\n${said.stdout}`);
  for (const [backend, given] of answers) {
    const hidden = given.map(([probe, answer]) => disguise(standIns, fileOf(probe), answer));
    for (const [file, text] of toFiles(backend, [hiddenLook, hiddenPlaces], distro, hidden))
      files.set(file, text);
  }
  for (const [file, text] of files) {
    const left = [...leftovers(text, standIns), ...secrets.filter((secret) => text.includes(secret))];
    if (left.length > 0) throw new Error(`${file} still has ${left.join(", ")}. Nothing was written.`);
  }
  write(
    scene,
    files,
    [...answers.keys()].map(({ id }) => id),
  );
}

function write(scene: string, files: ReadonlyMap<string, string>, ids: readonly string[]) {
  const folder = new URL(`recordings/${basename(scene)}/`, import.meta.url);
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder))
    if (ids.some((id) => file.startsWith(`${id}.`))) rmSync(new URL(file, folder));
  for (const [file, text] of files) writeFileSync(new URL(file, folder), text);
  console.log(`${scene}: ${[...files.keys()].join(" ")}`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    "ssh-config": { type: "string" },
    secret: { type: "string", multiple: true, default: [] },
    place: { type: "string", multiple: true, default: [] },
  },
});
const [scene, host, ...names] = positionals;
if (scene === undefined || host === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else {
  const { SCRAP_RECORD_SSH_CONFIG } = process.env;
  const ask = askOver(values["ssh-config"] ?? SCRAP_RECORD_SSH_CONFIG, host);
  await record(scene, host, names, ask, values);
}
