import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sshConfigFile } from "./paths.ts";
import { inventoryWith, patiently } from "./scrap.ts";
import { attempt, run } from "./shell.ts";
import { onHost, tryOnHost } from "./ssh-access.ts";

const host = "nas";
const name = "tests-page";
const data = `/srv/${name}`;
const secret = `canary-${Math.random().toString(36).slice(2)}`;
const state = mkdtempSync(join(tmpdir(), "scrap-playbook-"));

const service = `  ${name}:
    home: ${host}
    runs: { unit: ${name}.service }
    from: { playbook: ansible/site.yml, tags: [page] }
    version: { in: "ansible/roles/page/defaults/main.yml#page_version" }
    data: [{ btrfs: ${data} }]
    health: [{ http: "http://127.0.0.1:18411/health" }]
`;

const defaults = (version: string) => `---
# The page. 1.0 lost data.
page_port: 18411
page_version: "${version}" # as in the role of 2019
`;

/** Each version writes its name into its data first: so that it is seen whose data it is. */
const program = (version: string, then: string) => `#!/bin/sh
echo ${version} >>${data}/versions
echo ok >${data}/www/health
${then}
`;
const serve = `exec busybox httpd -f -p "$PORT" -h ${data}/www`;

const playbook: Readonly<Record<string, string>> = {
  "ansible.cfg": `[defaults]
inventory = hosts.yml
vault_password_file = vault-password
[ssh_connection]
pipelining = true
ssh_args = -F ${sshConfigFile} -o ControlMaster=auto -o ControlPath=${state}/ssh -o ControlPersist=30
`,
  "hosts.yml": `all: { hosts: { ${host}: { ansible_user: ops, ansible_python_interpreter: /usr/bin/python3 } } }\n`,
  "vault-password": "open sesame\n",
  "site.yml": `- hosts: all
  become: true
  gather_facts: false
  roles:
    - { role: page, tags: page }
  tasks:
    - name: What has another tag
      copy: { content: x, dest: /etc/${name}.other }
      tags: other
`,
  "roles/page/tasks/main.yml": `- name: The program
  copy: { src: "page-{{ page_version }}.sh", dest: /usr/local/bin/${name}, mode: "0755" }
  notify: anew
- name: What it must know
  template: { src: page.env, dest: /etc/${name}.env, mode: "0600" }
  no_log: true
  notify: anew
- name: The unit
  template: { src: page.service, dest: /etc/systemd/system/${name}.service }
  notify: anew
- name: It runs
  systemd: { name: ${name}, state: started, enabled: true, daemon_reload: true }
  when: not ansible_check_mode
`,
  "roles/page/handlers/main.yml": `- name: anew
  systemd: { name: ${name}, state: restarted, daemon_reload: true }
  when: not ansible_check_mode
`,
  "roles/page/templates/page.env": "TOKEN={{ page_token }}\nPORT={{ page_port }}\n",
  "roles/page/templates/page.service": `# {{ page_version }}
[Service]
EnvironmentFile=/etc/${name}.env
ExecStart=/usr/local/bin/${name}
Restart=always
RestartSec=1
[Install]
WantedBy=multi-user.target
`,
  "roles/page/files/page-1.0.0.sh": program("1.0.0", serve),
  "roles/page/files/page-1.1.0.sh": program("1.1.0", serve),
  "roles/page/files/page-1.2.0.sh": program("1.2.0", "sleep 4; echo cannot open the database; exit 3"),
};

let inventory = "";
const inAnsible = (file: string) => join(dirname(inventory), "ansible", file);
const pinFile = () => inAnsible("roles/page/defaults/main.yml");

function put(file: string, text: string): void {
  mkdirSync(dirname(inAnsible(file)), { recursive: true });
  writeFileSync(inAnsible(file), text);
}

const scrap = (...argv: readonly string[]) => patiently(inventory, ...argv);

const seen = async () => ({
  defaults: readFileSync(pinFile(), "utf8"),
  unit: (
    await onHost(host, `head -n 1 /etc/systemd/system/${name}.service; systemctl is-active ${name}`)
  ).split("\n"),
  wrote: [...new Set((await onHost(host, `cat ${data}/versions`)).split("\n"))],
});

const isAt = (version: string, ...wrote: readonly string[]) => ({
  defaults: defaults(version),
  unit: [`# ${version}`, "active"],
  wrote,
});

/** Another one each time that it was started. */
const life = () => onHost(host, `systemctl show -P InvocationID ${name}`);

const hasAnsible = (await attempt(["which", "ansible-vault"]).catch(() => ({ code: 1 }))).code === 0;
const title = `a user's own playbook${hasAnsible ? "" : " (left out: there is no ansible-playbook here)"}`;

beforeAll(async () => {
  if (!hasAnsible) return;
  process.env["XDG_STATE_HOME"] = state;
  inventory = inventoryWith(service);
  for (const [file, text] of Object.entries(playbook)) put(file, text);
  put("roles/page/defaults/main.yml", defaults("1.0.0"));
  put("roles/page/vars/main.yml", `page_token: ${secret}\n`);
  await run([
    ...["ansible-vault", "encrypt", "--vault-password-file", inAnsible("vault-password")],
    inAnsible("roles/page/vars/main.yml"),
  ]);
  await tearDown();
  await onHost(host, `btrfs -q subvolume create ${data}; mkdir ${data}/www`);
});

const tearDown = () =>
  tryOnHost(
    host,
    `set +e; exec 2>/dev/null; systemctl disable -q --now ${name}; rm -f /etc/systemd/system/${name}.service /etc/${name}.* /usr/local/bin/${name}
     systemctl daemon-reload; systemctl reset-failed ${name}; rm -rf /var/lib/scrap/jobs/*-${name}-*
     for s in /srv/.scrap/${name}/* ${data}*; do btrfs -q subvolume delete "$s"; done; rmdir /srv/.scrap/${name} /srv/.scrap`,
  );

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  if (hasAnsible) await tearDown();
  rmSync(state, { recursive: true, force: true });
});

describe.skipIf(!hasAnsible)(title, { retry: 0, timeout: 600_000 }, () => {
  const file = join(state, "plan.json");
  it("says by its check mode what it would change, with its vault and its tags, and changes nothing", async () => {
    const planned = await scrap("deploy", name, "--dry-run", "--out", file);
    expect(planned.exitCode).toBe(8);
    expect(planned.stdout).toContain("+ExecStart=/usr/local/bin/tests-page");
    expect(planned.stdout).not.toContain(secret);
    expect(await onHost(host, `ls /etc/${name}.* /usr/local/bin/${name} 2>/dev/null || true`)).toBe("");
  });

  it("puts the service there as it was shown, and a second time there is nothing to do", async () => {
    const deployed = await scrap("apply", file, "--yes");
    expect(deployed.exitCode).toBe(0);
    expect(deployed.stdout).not.toContain(secret);
    expect(await seen()).toEqual(isAt("1.0.0", "1.0.0"));
    expect(await onHost(host, `cat /etc/${name}.env; ls /etc/${name}.other 2>/dev/null || true`)).toBe(
      `TOKEN=${secret}\nPORT=18411`,
    );
    expect(await scrap("deploy", name, "--yes")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("nothing to do"),
    });
  });

  it("is refused, and goes on, where the playbook cannot bring that version", async () => {
    const before = await life();
    const refused = await scrap("upgrade", name, "--to", "1.9.0", "--yes");
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toContain("Could not find or access 'page-1.9.0.sh'");
    expect(await life()).toBe(before);
    expect(await seen()).toEqual(isAt("1.0.0", "1.0.0"));
  });

  it("is played with a newer version of its role's defaults", async () => {
    const upgraded = await scrap("upgrade", name, "--to", "1.1.0", "--yes", "--soak", "2s");
    expect(upgraded.exitCode).toBe(0);
    expect(upgraded.stdout).toMatch(/-# 1\.0\.0\n\s*\+# 1\.1\.0/);
    expect(await seen()).toEqual(isAt("1.1.0", "1.0.0", "1.1.0"));
  });

  it("is played as it was, with the old data, when the new version dies", async () => {
    const failed = await scrap("upgrade", name, "--to", "1.2.0", "--yes", "--within", "8s", "--soak", "10s");
    expect(failed.stdout).toContain("cannot open the database");
    expect(failed.exitCode).toBe(4);
    expect(await seen()).toEqual(isAt("1.1.0", "1.0.0", "1.1.0"));
  });

  it("is taken back, with its data", async () => {
    const back = await scrap("rollback", name, "--with-data", "--yes", "--soak", "1s");
    expect(back.exitCode).toBe(0);
    expect(await seen()).toEqual(isAt("1.0.0", "1.0.0"));
    expect((await scrap("journal", "verify")).exitCode).toBe(0);
  });

  it("is refused where its vault does not open, in Ansible's own words", async () => {
    put("vault-password", "wrong\n");
    const refused = await scrap("deploy", name, "--yes");
    expect(refused.exitCode).toBe(6);
    expect(refused.stderr).toContain("Decryption failed");
    put("vault-password", "open sesame\n");
  });
});
