// Does all that is needed before a command of the checkout can run, then runs it: a Node.js that fits, the packages, the
// bundle. Plain JavaScript that Node.js 18 can read. Says on stderr what it does, and nothing when there is nothing to do.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = 22;
const [program = "scrap", ...words] = process.argv.slice(2);

const node = findNode() ?? fetchNode();
const environment = {
  ...process.env,
  PATH: [dirname(node), join(root, "node_modules/.bin"), process.env.PATH].join(delimiter),
};
installPackages();
if (program === "scrap") build();
process.exitCode =
  program === "scrap"
    ? showcase(run(node, [join(root, "bin/start.mjs"), ...demoUnlessAtHome(), ...words]))
    : run(program === "node" ? node : program, words);

function findNode() {
  const candidates = [process.env.SCRAP_NODE, fetchedNode(), process.execPath];
  return candidates.find((candidate) => candidate && majorOf(candidate) >= wanted);
}

function majorOf(candidate) {
  if (candidate === process.execPath) return Number.parseInt(process.versions.node, 10);
  const { stdout } = spawnSync(candidate, ["-p", "process.versions.node"], { encoding: "utf8" });
  return Number.parseInt(stdout ?? "", 10);
}

function cacheFolder() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "scrap");
}

function fetchedNode() {
  return join(cacheFolder(), "node/bin/node");
}

/** From the package registry, at the version and with the checksum of the lock file; it has no install script. */
function fetchNode() {
  say(`This is Node.js ${process.version}; fetching a newer one …`);
  const folder = join(cacheFolder(), `node-fetch-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    copyFileSync(join(root, ".config/node", file), join(folder, file));
  const code = npm(["ci", "--prefix", folder, "--ignore-scripts", "--include=optional"], process.env);
  const name = `node-${process.platform}-${process.arch}`;
  const fetched = join(folder, "node_modules", name);
  if (code !== 0 || !existsSync(join(fetched, "bin/node"))) {
    rmSync(folder, { recursive: true, force: true });
    stop(`Could not fetch ${name}. Install Node.js ${wanted} or later and name it in SCRAP_NODE.`);
  }
  const home = join(cacheFolder(), "node");
  rmSync(home, { recursive: true, force: true });
  renameSync(fetched, home);
  rmSync(folder, { recursive: true, force: true });
  return fetchedNode();
}

function installPackages() {
  const installed = join(root, "node_modules/.package-lock.json");
  if (newest([join(root, "package-lock.json")]) <= newest([installed])) return;
  say("Installing the packages of the lock file …");
  // Not `npm ci`: the lock file may lack the builds of a tool for other platforms, which newer versions of npm refuse.
  if (npm(["install", "--no-save", "--ignore-scripts"], environment) !== 0)
    stop("Could not install the packages.");
}

function build() {
  const sources = [
    join(root, "src"),
    join(root, "themes"),
    join(root, "package.json"),
    join(root, "bin/build.mjs"),
  ];
  if (newest(sources) <= newest([join(root, "dist/main.js")])) return;
  say("Building …");
  if (run(node, [join(root, "bin/build.mjs")]) !== 0) stop("Could not build.");
}

/** npm runs under the Node.js it came with: an old one need not know a new Node.js. */
function npm(args, env) {
  const own = process.env.npm_execpath;
  const all = [...args, "--no-audit", "--no-fund", "--loglevel=error"];
  return own ? run(process.execPath, [own, ...all], env, "ignore") : run("npm", all, env, "ignore");
}

function run(file, args, env = environment, stdout = "inherit") {
  const { status, signal, error } = spawnSync(file, args, {
    cwd: root,
    env,
    stdio: ["inherit", stdout, "inherit"],
  });
  if (error) stop(`Could not run ${file}: ${error.message}`);
  return status ?? (signal === "SIGINT" ? 130 : 70);
}

/** Who has written no inventory yet sees what there is to see on simulated hosts. */
function demoUnlessAtHome() {
  const { SCRAP_INVENTORY, XDG_CONFIG_HOME } = process.env;
  const folder = XDG_CONFIG_HOME?.startsWith("/") ? XDG_CONFIG_HOME : join(homedir(), ".config");
  const isNamed = SCRAP_INVENTORY || words.some((word) => /^(demo$|--inventory\b)/.test(word));
  if (isNamed || existsSync(join(folder, "scrap/inventory.yaml"))) return [];
  say("There is no inventory yet, so these are simulated hosts: `scrap demo`.");
  return ["demo"];
}

/** Bare `npm start` shows what is: a problem on a host is no failure of npm's. */
function showcase(code) {
  return words.length === 0 && (code === 1 || code === 3) ? 0 : code;
}

/** The time of the youngest file, 0 when there is none. */
function newest(paths) {
  let time = 0;
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) continue;
    const inside = stat.isDirectory() ? newest(readdirSync(path).map((name) => join(path, name))) : 0;
    time = Math.max(time, stat.isDirectory() ? inside : stat.mtimeMs);
  }
  return time;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function stop(text) {
  say(`scrap: ${text}`);
  process.exit(70);
}
