import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryFor, type Run, scrap } from "./scrap.ts";
import { sleep } from "./shell.ts";
import { onHost } from "./ssh-access.ts";

const host = "vps1";
const bin = fileURLToPath(new URL("../../bin/scrap", import.meta.url));
const state = mkdtempSync(join(tmpdir(), "scrap-deploy-"));
let inventory = "";

const entrypoint = (words: string) => `FROM BASE\nENTRYPOINT ["sh","-c",${JSON.stringify(words)}]\n`;
const images = {
  good: entrypoint("exec httpd -f -p 80 -h /www"),
  nostart: 'FROM BASE\nENTRYPOINT ["/no/such"]\n',
  dies: entrypoint("sleep 2; echo cannot open the database; exit 3"),
};

const quadlet = (image: string) => `[Container]
Image=localhost/${image}
ContainerName=deploytest
PublishPort=8197:80
Volume=/data/deploytest:/srv/data

[Service]
Restart=always

[Install]
WantedBy=multi-user.target
`;

const compose = (image: string) => `services:
  app:
    image: ${image}
    restart: always
    ports: ["8198:80"]
`;

const declare = (name: string, text: string) => {
  const file = join(dirname(inventory), name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
};

/** Others may hold the host at the same time. */
async function deploy(name: string, ...words: readonly string[]): Promise<Run> {
  for (let tries = 0; ; tries += 1) {
    const run = await scrap(["deploy", name, ...words], inventory);
    if (tries === 20 || !run.stdout.includes("is held by")) return run;
    await sleep(3_000);
  }
}

const running = async (engine: "podman" | "docker") =>
  (await onHost(host, `${engine} ps --filter name=deploytest --format '{{.Image}}'`)).trim();

/** Begins to deploy, and leaves it where the new one takes over. Again, when others held the host. */
async function beginSwitch(): Promise<{ readonly id: string; readonly driver: number }> {
  for (;;) {
    const out = join(mkdtempSync(join(state, "plan-")), "plan.json");
    await scrap(["deploy", "deploytest", "--dry-run", "--out", out], inventory);
    const { id } = JSON.parse(readFileSync(out, "utf8")) as { id: string };
    const journal = join(state, "scrap/journal", `${id}.jsonl`);
    const read = () => (existsSync(journal) ? readFileSync(journal, "utf8") : "");
    spawn(bin, ["--inventory", inventory, "apply", out, "--yes"], { stdio: "ignore" });
    while (!/"intent","step":"switch"|"kind":"ended"/.test(read())) await sleep(50);
    const driver = [...read().matchAll(/"driving","pid":(\d+)/g)].at(-1)?.[1];
    if (!read().includes('"kind":"ended"')) return { id, driver: Number(driver) };
    await sleep(3_000);
  }
}

beforeAll(async () => {
  process.env["XDG_STATE_HOME"] = state;
  inventory = inventoryFor("ops");
  appendFileSync(
    inventory,
    `
  deploytest:
    home: ${host}
    runs: { quadlet: deploytest.container }
    from: { files: files }
    data: [{ btrfs: /data/deploytest }]
    health: [{ http: "http://127.0.0.1:8197/" }]
    needs: { ports: [8197] }
  deploytest-chat:
    home: ${host}
    runs: { compose: deploytest }
    from: { compose: chat/compose.yaml, to: /srv/deploytest }
    health: [{ http: "http://127.0.0.1:8198/" }]
`,
  );
  for (const [tag, text] of Object.entries(images)) {
    const script = (base: string) => `printf '%s' '${text.replace("BASE", base)}'`;
    await onHost(
      host,
      `${script("localhost/httpd:1")} | podman build -q -t localhost/deploytest:${tag} -f - .`,
    );
    await onHost(host, `${script("httpd:1")} | docker build -q -t deploytest:${tag} - 2>/dev/null`);
  }
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  await onHost(
    host,
    `set +e; systemctl stop deploytest; rm -f /etc/containers/systemd/deploytest.container /etc/systemd/system/deploytest-* /var/lib/scrap/placed/deploytest*; systemctl daemon-reload
    docker compose -p deploytest down -t 0; rm -rf /srv/deploytest; btrfs subvolume delete /data/deploytest
    podman rmi -f ${Object.keys(images)
      .map((tag) => `localhost/deploytest:${tag}`)
      .join(" ")}
    docker rmi -f ${Object.keys(images)
      .map((tag) => `deploytest:${tag}`)
      .join(" ")}
    systemctl reset-failed deploytest; rm -rf /var/lib/scrap/jobs/*-deploytest*; true`,
  );
  rmSync(state, { recursive: true, force: true });
});

describe("a quadlet with data on btrfs", () => {
  it("is put there with its subvolume, and a second time there is nothing to do", async () => {
    declare(
      "files/deploytest.container",
      quadlet("httpd:1").replace("[Service]", "Exec=httpd -f -p 80 -h /www\n\n[Service]"),
    );
    expect(await deploy("deploytest", "--yes")).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await running("podman")).toBe("localhost/httpd:1");
    expect(await onHost(host, "btrfs subvolume show /data/deploytest")).toContain("deploytest");
    const again = await deploy("deploytest", "--yes");
    expect(again).toMatchObject({ exitCode: 0, stdout: "Deploy deploytest on vps1: nothing to do.\n" });
  });

  it("shows what a changed file makes other, and does it", async () => {
    declare("files/deploytest.container", quadlet("deploytest:good"));
    const plan = await deploy("deploytest", "--dry-run");
    expect(plan.exitCode).toBe(8);
    expect(plan.stdout).toContain("-Image=localhost/httpd:1");
    expect(plan.stdout).toContain("+Image=localhost/deploytest:good");
    expect((await deploy("deploytest", "--yes")).exitCode).toBe(0);
    expect(await running("podman")).toBe("localhost/deploytest:good");
  });

  it.each([
    ["does not start", "nostart", "executable file `/no/such` not found"],
    ["starts and dies", "dies", "cannot open the database"],
  ])("comes back as it was when the new one %s", async (_, tag, why) => {
    declare("files/deploytest.container", quadlet(`deploytest:${tag}`));
    const { exitCode, stdout } = await deploy("deploytest", "--yes");
    expect(stdout).toContain(why);
    expect(stdout).toContain("All that was changed was put back.");
    expect(exitCode).toBe(4);
    expect(await running("podman")).toBe("localhost/deploytest:good");
    expect(await onHost(host, "cat /etc/containers/systemd/deploytest.container")).toContain(
      "deploytest:good",
    );
  });

  it("loses what is not declared any more, and only that", async () => {
    const own = "/etc/systemd/system/deploytest-theirs.service";
    await onHost(host, `echo '[Service]' >${own}`);
    declare("files/deploytest.container", quadlet("deploytest:good"));
    declare("files/deploytest-extra.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n");
    declare(
      "files/deploytest-extra.timer",
      "[Timer]\nOnCalendar=daily\n\n[Install]\nWantedBy=timers.target\n",
    );
    expect((await deploy("deploytest", "--yes")).exitCode).toBe(0);
    const timer =
      "set +e; systemctl is-active deploytest-extra.timer; systemctl is-enabled deploytest-extra.timer";
    expect(await onHost(host, timer)).toBe("active\nenabled");
    for (const end of ["service", "timer"]) rmSync(join(dirname(inventory), `files/deploytest-extra.${end}`));
    const plan = await deploy("deploytest", "--dry-run");
    expect(plan.stdout).toContain("Take /etc/systemd/system/deploytest-extra.timer away");
    expect(plan.stdout).toContain("-OnCalendar=daily");
    expect((await deploy("deploytest", "--yes")).exitCode).toBe(0);
    expect(await onHost(host, `${timer} 2>/dev/null; ls /etc/systemd/system/deploytest*`)).toMatch(
      /^inactive\n(?:not-found\n)?\/etc\/systemd\/system\/deploytest-theirs\.service$/,
    );
    expect((await deploy("deploytest", "--yes")).stdout).toContain("nothing to do");
  });

  it("is finished by whoever resumes it when we are killed in the middle", async () => {
    declare("files/deploytest.container", `# changed\n${quadlet("deploytest:good")}`);
    const { id, driver } = await beginSwitch();
    expect(readFileSync(`/proc/${driver}/cmdline`, "utf8")).toContain(id);
    process.kill(driver, "SIGKILL");
    const resumed = await scrap(["resume", id], inventory);
    expect(resumed.stdout).toContain("done");
    expect(resumed.exitCode).toBe(0);
    expect(await running("podman")).toBe("localhost/deploytest:good");
    expect((await scrap(["journal", "verify", id], inventory)).exitCode).toBe(0);
    expect((await deploy("deploytest", "--yes")).stdout).toContain("nothing to do");
  });
});

describe("a Compose project", () => {
  it("is put there, and a second time there is nothing to do", async () => {
    declare("chat/compose.yaml", compose("deploytest:good"));
    expect((await deploy("deploytest-chat", "--yes")).exitCode).toBe(0);
    expect((await deploy("deploytest-chat", "--yes")).stdout).toContain("nothing to do");
  });

  it("comes back as it was when the new one dies", async () => {
    declare("chat/compose.yaml", compose("deploytest:dies"));
    const { exitCode, stdout } = await deploy("deploytest-chat", "--yes");
    expect(stdout).toContain("cannot open the database");
    expect(exitCode).toBe(4);
    expect(await running("docker")).toBe("deploytest:good");
  });
});
