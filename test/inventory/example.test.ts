import { expect, test } from "vitest";
import type { Service } from "../../src/inventory/service.ts";
import { example } from "./example.ts";
import { load } from "./files.ts";

/** Paths without the folder of the test. */
const shorten = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll(/\/[^"]*scrap-inventory-\w+\//g, ""));

test("hosts have what they say, the defaults, and their groups", async () => {
  const { hosts, groups } = await load(example);
  expect([...hosts.keys()]).toEqual(["vps1", "vps2", "nas", "pi", "old"]);
  expect(hosts.get("pi")).toEqual({
    name: "pi",
    address: "10.0.20.31",
    user: "ops",
    become: "sudo",
    groups: ["edge"],
    zone: "shed",
    power: "shed",
    jump: "vps2",
    protected: false,
  });
  expect(hosts.get("old")?.protected).toBe(true);
  expect(hosts.get("nas")?.ipmi).toEqual({
    address: "10.0.20.120",
    user: "admin",
    password: "pass:lab/nas-bmc",
  });
  expect(Object.fromEntries(groups)).toEqual({
    apps: ["vps1", "vps2"],
    storage: ["nas"],
    edge: ["pi", "old"],
  });
});

test("UPSes, environments, classes and repositories", async () => {
  const { ups, environments, sla, repositories } = await load(example);
  expect([
    ...ups.values(),
    ...environments.values(),
    ...sla.values(),
    ...repositories.values(),
  ]).toMatchInlineSnapshot(`
    [
      {
        "host": "nas",
        "name": "rack",
        "nutName": "rack",
        "tool": "nut",
      },
      {
        "host": "vps2",
        "name": "shed",
        "tool": "apcupsd",
      },
      {
        "groups": [
          "apps",
          "storage",
          "edge",
        ],
        "hosts": [
          "vps1",
          "vps2",
          "nas",
          "pi",
          "old",
        ],
        "name": "production",
      },
      {
        "groups": [],
        "hosts": [
          "pi",
        ],
        "name": "staging",
      },
      {
        "downtimeMs": 259200000,
        "downtimePer": "month",
        "name": "mail",
        "rpoMs": 3600000,
        "rtoMs": 28800000,
      },
      {
        "downtimeMs": 86400000,
        "downtimePer": "month",
        "name": "chat",
        "rpoMs": 900000,
        "rtoMs": 7200000,
      },
      {
        "dataLoss": "tolerable",
        "downtimeMs": 604800000,
        "downtimePer": "month",
        "name": "relaxed",
        "rpoMs": 86400000,
        "rtoMs": 259200000,
      },
      {
        "address": "sftp:backup@elsewhere:/srv/restic",
        "appendOnly": true,
        "name": "offsite",
        "password": "pass:lab/restic",
        "tool": "restic",
      },
      {
        "appendOnly": false,
        "encrypt": "age",
        "host": "nas",
        "label": "DRAWER-2024",
        "name": "drawer",
        "tool": "cold",
      },
    ]
  `);
});

test("a service with everything", async () => {
  const { services } = await load(example);
  expect(shorten(services.get("mail"))).toMatchInlineSnapshot(`
    {
      "avoid": [],
      "backups": [
        {
          "everyMs": 86400000,
          "keepWithinMs": 7776000000,
          "to": "offsite",
        },
        {
          "everyMs": 2592000000,
          "to": "drawer",
        },
      ],
      "data": [
        {
          "kind": "zfs",
          "name": "tank/mail",
        },
      ],
      "dependsOn": [],
      "failover": {
        "policy": "manual",
        "start": "auto",
        "to": [],
      },
      "from": {
        "file": "ansible/mail.yml",
        "kind": "playbook",
        "tags": [
          "mail",
        ],
      },
      "health": [
        {
          "address": "127.0.0.1",
          "kind": "tcp",
          "port": 25,
          "timeoutMs": 5000,
        },
        {
          "address": "127.0.0.1",
          "kind": "tcp",
          "port": 993,
          "timeoutMs": 5000,
        },
        {
          "argv": [
            "doveadm",
            "service",
            "status",
          ],
          "in": "mail",
          "kind": "command",
          "timeoutMs": 5000,
        },
      ],
      "home": "vps1",
      "hooks": {
        "afterSnapshot": {
          "argv": [
            "podman",
            "exec",
            "mail",
            "resume",
          ],
        },
        "beforeSnapshot": {
          "argv": [
            "podman",
            "exec",
            "mail",
            "quiesce",
          ],
        },
      },
      "isolation": {
        "level": "container",
        "routes": [
          "dns",
          "smtp-out",
        ],
      },
      "line": 33,
      "name": "mail",
      "needs": {
        "arch": [],
        "devices": [],
        "memoryBytes": 1073741824,
        "ports": [
          25,
          465,
          993,
        ],
        "raid": true,
        "ups": true,
      },
      "releases": "https://forge.example/mail/releases.atom",
      "replica": {
        "everyMs": 900000,
        "on": "vps2",
      },
      "runs": {
        "kind": "quadlet",
        "name": "mail.pod",
      },
      "sla": {
        "downtimeMs": 259200000,
        "downtimePer": "month",
        "name": "mail",
        "rpoMs": 3600000,
        "rtoMs": 28800000,
      },
      "snapshots": {
        "everyMs": 3600000,
        "keep": {
          "daily": 14,
          "hourly": 24,
        },
      },
      "version": {
        "image": "docker.io/example/mail",
        "in": {
          "file": "ansible/roles/mail/defaults/main.yml",
          "variable": "mail_version",
        },
        "pin": "3.4.1",
      },
    }
  `);
});

test("the other services", async () => {
  const { services } = await load(example);
  const told = ({ name, home, runs, from, data, needs, dependsOn, avoid }: Service) => {
    return { name, home, runs, from, data, needs, dependsOn, avoid };
  };
  expect(shorten([...services.values()].slice(1).map(told))).toMatchInlineSnapshot(`
    [
      {
        "avoid": [
          "mail",
        ],
        "data": [
          {
            "kind": "btrfs",
            "name": "/data/chat",
          },
        ],
        "dependsOn": [
          "mail",
        ],
        "from": {
          "file": "services/chat/compose.yaml",
          "kind": "compose",
          "to": "/srv/chat",
        },
        "home": "vps1",
        "name": "chat",
        "needs": {
          "arch": [],
          "devices": [],
          "ports": [],
        },
        "runs": {
          "kind": "compose",
          "name": "chat",
        },
      },
      {
        "avoid": [],
        "data": [
          {
            "kind": "zfs",
            "name": "tank/photos",
          },
        ],
        "dependsOn": [],
        "from": {
          "folder": "services/photos",
          "kind": "files",
        },
        "home": "vps1",
        "name": "photos",
        "needs": {
          "arch": [],
          "devices": [
            "/dev/dri",
          ],
          "diskBytes": 429496729600,
          "ports": [],
        },
        "runs": {
          "kind": "quadlet",
          "name": "photos.container",
          "user": "alice",
        },
      },
      {
        "avoid": [],
        "data": [],
        "dependsOn": [],
        "home": "vps1",
        "name": "feeds",
        "needs": {
          "arch": [],
          "devices": [],
          "ports": [],
        },
        "runs": {
          "kind": "quadlet",
          "name": "feeds.container",
        },
      },
      {
        "avoid": [],
        "data": [],
        "dependsOn": [],
        "from": {
          "file": "ansible/blog.yml",
          "kind": "playbook",
          "tags": [
            "blog",
          ],
        },
        "home": "pi",
        "name": "blog",
        "needs": {
          "arch": [],
          "devices": [],
          "ports": [],
        },
        "runs": {
          "kind": "unit",
          "name": "nginx.service",
        },
      },
    ]
  `);
});

test("what the example does not say can be said too", async () => {
  const { services } = await load(
    `version: 1
hosts: { nas: , pi: { jump: "alice@bastion:2222,other", identityFile: ~/.ssh/id, sshConfig: ssh.conf, mac: "aa:bb:cc:dd:ee:ff" } }
groups: { all-of-it: [nas, pi] }
repositories: { far: { borg: "ssh://b@far/./r", password: "file:secrets/borg" } }
environments: { staging: { groups: [all-of-it] } }
services:
  wiki:
    home: nas
    environment: staging
    runs: { container: wiki, user: alice }
    from: { manifest: wiki.yaml }
    data: [ { path: /srv/wiki, on: pi }, { volume: wiki }, { lvm: vg0/wiki } ]
    version: { image: docker.io/wiki, pin: 3.10, in: versions.yaml }
    health:
      - { tcp: "[::1]:25", timeout: 1m30s }
      - { http: "https://wiki.example/", status: [200, 302], on: pi }
    sla: { downtime: 1h/week, dataLoss: intolerable }
    needs: { device: [/dev/dri, /dev/kvm], arch: x86_64, cpus: 2, disk: 1GB }
    hooks: { beforeStop: { command: [sync], in: wiki, timeout: 500ms } }
    failover: { policy: automatic, to: [pi], start: lease }
`,
    { "ssh.conf": "" },
  );
  expect(shorten(services.get("wiki"))).toMatchInlineSnapshot(`
    {
      "avoid": [],
      "backups": [],
      "data": [
        {
          "kind": "path",
          "name": "/srv/wiki",
          "on": "pi",
        },
        {
          "kind": "volume",
          "name": "wiki",
        },
        {
          "kind": "lvm",
          "name": "vg0/wiki",
        },
      ],
      "dataLoss": "intolerable",
      "dependsOn": [],
      "environment": "staging",
      "failover": {
        "policy": "automatic",
        "start": "lease",
        "to": [
          "pi",
        ],
      },
      "from": {
        "file": "wiki.yaml",
        "kind": "manifest",
      },
      "health": [
        {
          "address": "::1",
          "kind": "tcp",
          "port": 25,
          "timeoutMs": 90000,
        },
        {
          "kind": "http",
          "on": "pi",
          "status": [
            200,
            302,
          ],
          "timeoutMs": 5000,
          "url": "https://wiki.example/",
        },
      ],
      "home": "nas",
      "hooks": {
        "beforeStop": {
          "argv": [
            "sync",
          ],
          "in": "wiki",
          "timeoutMs": 500,
        },
      },
      "line": 7,
      "name": "wiki",
      "needs": {
        "arch": [
          "x86_64",
        ],
        "cpus": 2,
        "devices": [
          "/dev/dri",
          "/dev/kvm",
        ],
        "diskBytes": 1000000000,
        "ports": [],
      },
      "runs": {
        "kind": "container",
        "name": "wiki",
        "user": "alice",
      },
      "sla": {
        "dataLoss": "intolerable",
        "downtimeMs": 3600000,
        "downtimePer": "week",
      },
      "version": {
        "image": "docker.io/wiki",
        "in": {
          "file": "versions.yaml",
        },
        "pin": "3.10",
      },
    }
  `);
});

test("paths of a host and of its secrets start at the file, or at home", async () => {
  const { hosts, repositories, groups } = await load(
    `version: 1
defaults: { sshConfig: ssh.conf, identityFile: ~/.ssh/id, becomePassword: "cmd:pass show x" }
hosts:
  a:
  b: { sshConfig: /dev/null, becomePassword: "file:secret" }
groups: { both: [a, b] }
repositories: { far: { borg: "ssh://b@far/./r", password: "age:borg.age" } }
`,
    { "ssh.conf": "" },
  );
  expect(shorten([hosts.get("a"), hosts.get("b"), repositories.get("far")])).toMatchObject([
    {
      sshConfig: "ssh.conf",
      identityFile: "home/.ssh/id",
      becomePassword: "cmd:pass show x",
      groups: ["both"],
    },
    { sshConfig: "/dev/null", becomePassword: expect.stringMatching(/^file:.*secret$/), groups: ["both"] },
    { password: expect.stringMatching(/^age:.*borg\.age$/) },
  ]);
  expect(groups.get("both")).toEqual(["a", "b"]);
});
