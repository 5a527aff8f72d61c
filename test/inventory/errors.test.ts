import { expect, test } from "vitest";
import { complaint, load } from "./files.ts";

const wrong = (text: string) => complaint(load(text));

test("all that is wrong is told at once, in the order of the file", async () => {
  expect(
    await wrong(`version: 2
defaults: { usr: ops, become: root }
hosts:
  vps1: { address: "ops@10.0.20.11", port: 70000, power: rak }
  -oProxyCommand=x: {}
  a/b: {}
  all: {}
  pi: { jump: "-oX", groups: apps, ipmi: { user: admin, password: hunter2 } }
ups:
  rack: { on: nass }
  both: { nut: a, apcupsd: true, on: vps1 }
environments:
  production: { groups: [aps], hosts: [vps2] }
sla:
  mail: { downtime: 3d, rpo: 1 hour, rto: 60, dataLoss: maybe }
repositories:
  offsite: { restic: "sftp:x:/y", encrypt: age }
  drawer: { cold: { label: A } }
services:
  mail:
    home: vps9
    runs: { quadlet: mail.service, unit: mail.service }
    sla: male
    needs: { memory: 1 GB, ports: [0], memroy: 1G }
    health: [ { tcp: 70000 }, { http: "ftp://x" }, { command: doveadm }, { status: 200 } ]
    backups: [ { to: offsit, every: 1d } ]
  chat:
    from: { compose: x.yaml }
    sla: { downtime: 1d/month, rop: 1h }
    data: [ { zfs: -tank }, { btrfs: data } ]
    releases: forge.example
`),
  ).toMatchInlineSnapshot(`
    "inventory.yaml:1:10: version: expected 1 (found the number 2)
    inventory.yaml:2:13: defaults.usr: unknown field; did you mean user?
    inventory.yaml:2:31: defaults.become: expected sudo, doas or none (found "root")
    inventory.yaml:4:20: hosts.vps1.address: expected a host name or an IP address (the user goes into \`user\`, the port into \`port\`) (found "ops@10.0.20.11")
    inventory.yaml:4:44: hosts.vps1.port: expected a port from 1 to 65535 (found the number 70000)
    inventory.yaml:4:58: hosts.vps1.power: no UPS is named "rak"; did you mean rack?
    inventory.yaml:5:3: hosts."-oProxyCommand=x": expected a name of letters, digits, \`_\`, \`.\` and \`-\`, not \`-\` or \`.\` first (found "-oProxyCommand=x")
    inventory.yaml:6:3: hosts."a/b": expected a name of letters, digits, \`_\`, \`.\` and \`-\`, not \`-\` or \`.\` first (found "a/b")
    inventory.yaml:7:3: hosts.all: expected another name, because \`all\` means all hosts (found "all")
    inventory.yaml:8:15: hosts.pi.jump: expected a host, or what \`ssh -J\` takes: [user@]host[:port],… (found "-oX")
    inventory.yaml:8:30: hosts.pi.groups: expected a list (found "apps")
    inventory.yaml:8:36: hosts.pi.ipmi.address: is missing: expected a host name or an IP address (the user goes into \`user\`, the port into \`port\`)
    inventory.yaml:8:67: hosts.pi.ipmi.password: expected where the secret is kept, never the secret itself: one of pass: age: sops: env: cmd: vault: file:, such as pass:lab/nas
    inventory.yaml:10:9: ups.rack: expected one of nut, apcupsd
    inventory.yaml:10:15: ups.rack.on: no host is named "nass"
    inventory.yaml:11:28: ups.both.apcupsd: expected only one of nut and apcupsd
    inventory.yaml:13:26: environments.production.groups[0]: no group is named "aps"
    inventory.yaml:13:40: environments.production.hosts[0]: no host is named "vps2"; did you mean vps1?
    inventory.yaml:15:21: sla.mail.downtime: expected a duration in each period, such as 3d/month (found "3d")
    inventory.yaml:15:30: sla.mail.rpo: expected a duration such as 90s, 15m, 1h30m or 3d (found "1 hour")
    inventory.yaml:15:43: sla.mail.rto: expected a duration such as 90s, 15m, 1h30m or 3d (found the number 60)
    inventory.yaml:15:57: sla.mail.dataLoss: expected tolerable or intolerable (found "maybe")
    inventory.yaml:17:44: repositories.offsite.encrypt: goes with cold only
    inventory.yaml:18:13: repositories.drawer.cold.on: is missing: expected the name of a host
    inventory.yaml:21:11: services.mail.home: no host is named "vps9"; did you mean vps1?
    inventory.yaml:22:22: services.mail.runs.quadlet: expected the name of a quadlet file, such as mail.pod or web.container (found "mail.service")
    inventory.yaml:22:22: services.mail.runs.quadlet: expected only one of unit and quadlet
    inventory.yaml:23:10: services.mail.sla: no SLA class is named "male"
    inventory.yaml:24:22: services.mail.needs.memory: expected a size such as 512M or 1.5G (found "1 GB")
    inventory.yaml:24:36: services.mail.needs.ports[0]: expected a port from 1 to 65535 (found the number 0)
    inventory.yaml:24:40: services.mail.needs.memroy: unknown field; did you mean memory?
    inventory.yaml:25:22: services.mail.health[0].tcp: expected a port from 1 to 65535 (found the number 70000)
    inventory.yaml:25:39: services.mail.health[1].http: expected an http or https URL (found "ftp://x")
    inventory.yaml:25:63: services.mail.health[2].command: expected a list of words: [program, argument, …] (found "doveadm")
    inventory.yaml:25:74: services.mail.health[3]: expected one of tcp, http, command
    inventory.yaml:26:22: services.mail.backups[0].to: no repository is named "offsit"; did you mean offsite?
    inventory.yaml:27:3: services.chat.home: is missing: expected the name of a host
    inventory.yaml:27:3: services.chat.runs: is missing: expected fields
    inventory.yaml:28:11: services.chat.from: expected \`to\` beside \`compose\`
    inventory.yaml:29:32: services.chat.sla.rop: unknown field; did you mean rpo?
    inventory.yaml:30:20: services.chat.data[0].zfs: expected a dataset: pool/name (found "-tank")
    inventory.yaml:30:38: services.chat.data[1].btrfs: expected a path on the host that begins with \`/\` (found "data")
    inventory.yaml:31:15: services.chat.releases: expected an https, http or file URL (found "forge.example")"
  `);
});

test("names that lead back to themselves", async () => {
  expect(
    await wrong(`version: 1
hosts:
  a: { jump: b }
  b: { jump: c }
  c: { jump: a }
  d: { jump: d }
services:
  mail: { home: a, runs: { unit: a.service }, dependsOn: [chat] }
  chat: { home: a, runs: { unit: b.service }, dependsOn: [mail], avoid: [chat] }
  blog: { home: a, runs: { unit: c.service }, dependsOn: [blogg], replica: { on: a, every: 1h } }
`),
  ).toMatchInlineSnapshot(`
    "inventory.yaml:3:14: hosts.a.jump: a is reached through itself: a → b → c → a
    inventory.yaml:6:14: hosts.d.jump: d is reached through itself: d → d
    inventory.yaml:8:59: services.mail.dependsOn[0]: mail depends on itself: mail → chat → mail
    inventory.yaml:9:74: services.chat.avoid[0]: chat cannot avoid itself
    inventory.yaml:10:59: services.blog.dependsOn[0]: no service is named "blogg"; did you mean blog?
    inventory.yaml:10:82: services.blog.replica.on: expected another host than its home, a"
  `);
});

test("a secret that stands where its place should be told is not repeated", async () => {
  const told = await wrong("version: 1\ndefaults: { becomePassword: correct horse }\n");
  expect(told).toMatchInlineSnapshot(
    `"inventory.yaml:2:29: defaults.becomePassword: expected where the secret is kept, never the secret itself: one of pass: age: sops: env: cmd: vault: file:, such as pass:lab/nas"`,
  );
  expect(told).not.toContain("horse");
});

test("an empty file, a list and a file without hosts", async () => {
  expect(await wrong("")).toMatchInlineSnapshot(`"inventory.yaml:1:1: expected fields (found nothing)"`);
  expect(await wrong("- a\n")).toMatchInlineSnapshot(`"inventory.yaml:1:1: expected fields (found a list)"`);
  expect(await wrong("version: 1\n")).toBe("loaded");
});

test("a number where text belongs gets the way out", async () => {
  expect(await wrong("version: 1\nhosts:\n  nas: { zone: 1 }\n")).toMatchInlineSnapshot(
    `"inventory.yaml:3:16: hosts.nas.zone: expected a name of letters, digits, \`_\`, \`.\` and \`-\`, not \`-\` or \`.\` first (found the number 1; put it in quotes)"`,
  );
});

test("errors in several services keep their places", async () => {
  expect(
    await wrong(`version: 1
hosts: { nas: {} }
services:
  one:
    home: nas
    runs:
      unit: nginx
  two:
    home: nas
    runs: {}
    from: { playbook: x.yml, to: /srv }
`),
  ).toMatchInlineSnapshot(`
    "inventory.yaml:7:13: services.one.runs.unit: expected the full name of a systemd unit, such as nginx.service (found "nginx")
    inventory.yaml:10:11: services.two.runs: expected one of unit, quadlet, pod, compose, container
    inventory.yaml:11:34: services.two.from.to: goes with compose or files only"
  `);
});

test("what drives a terminal is written as its code", async () => {
  const told = await wrong('version: 1\nhosts:\n  nas: { address: "\\e]0;owned\\a" }\n  "\\u202egpj": {}\n');
  expect(told).toMatchInlineSnapshot(`
    "inventory.yaml:3:19: hosts.nas.address: expected a host name or an IP address (the user goes into \`user\`, the port into \`port\`) (found "\\u001b]0;owned\\u0007")
    inventory.yaml:4:3: hosts."\\u202egpj": expected a name of letters, digits, \`_\`, \`.\` and \`-\`, not \`-\` or \`.\` first (found "\\u202egpj")"
  `);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point.
  expect(told.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
});
