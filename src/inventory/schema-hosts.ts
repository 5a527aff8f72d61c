import * as z from "zod/mini";
import { exactlyOne, fields, may, must, named, oneRequired } from "./schema-shapes.ts";
import {
  address,
  choice,
  flag,
  hostName,
  list,
  name,
  nameOf,
  operand,
  port,
  secret,
  userName,
} from "./schema-words.ts";

const become = choice(["sudo", "doas", "none"]);

/** On this side; `~/` is the home folder, and what is relative starts at the folder of the inventory. */
const localPath = operand;

/** What may be said of a host, and in `defaults` for all of them. */
const login = {
  user: may(userName, "Who to log in as. OpenSSH's configuration decides when it is left out"),
  port: may(port, "The port of the SSH server. OpenSSH's configuration decides when it is left out"),
  identityFile: may(localPath, "The private key to offer, as `ssh -i`"),
  sshConfig: may(
    localPath,
    "The OpenSSH configuration to use, as `ssh -F`. `none`: OpenSSH's defaults hold, and an identityFile is the only key that is offered",
  ),
  become: may(become, "How to become root: sudo (the default), doas or none"),
  becomePassword: may(secret, "Where the password for sudo or doas is kept, such as pass:lab/nas"),
};

export const defaultsSchema = fields(login);

const jumpRule = "a host, or what `ssh -J` takes: [user@]host[:port],…";

const hop = String.raw`(?:ssh:\/\/)?(?:[A-Za-z0-9_][A-Za-z0-9_.@-]*@)?[\p{L}\p{N}_:[][\p{L}\p{N}_.:%[\]-]*`;

export const jump = z
  .string({ error: jumpRule })
  .check(z.regex(new RegExp(`^${hop}(?:,${hop})*$`, "u"), { error: jumpRule }));

const mac = z
  .string({ error: "a hardware address such as aa:bb:cc:dd:ee:ff" })
  .check(
    z.regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i, { error: "a hardware address such as aa:bb:cc:dd:ee:ff" }),
  );

const hostKeyRule = "a public host key such as `ssh-ed25519 AAAA…`, whole and on one line";

const hostKey = z.pipe(
  z
    .string({ error: hostKeyRule })
    .check(
      z.regex(
        /^(?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) AAAA[A-Za-z0-9+/]+={0,2}(?: [^\p{Cc}\p{Cf}]*)?$/u,
        { error: hostKeyRule },
      ),
      z.refine(isWholeKey, { error: hostKeyRule }),
    ),
  z.transform((line) => line.split(" ", 2).join(" ")),
);

/** A key is strings behind their lengths, its type the first of them (RFC 4253, 6.6): so that half a key is noticed. */
function isWholeKey(line: string): boolean {
  const [type = "", base64 = ""] = line.split(" ");
  const key = Buffer.from(base64, "base64");
  let end = 0;
  while (end + 4 <= key.length) end += 4 + key.readUInt32BE(end);
  return end === key.length && key.toString("latin1", 4, 4 + type.length) === type && key[3] === type.length;
}

const hostSchema = fields({
  address: may(address, "What to connect to. The name of the host when it is left out"),
  ...login,
  hostKey: may(
    hostKey,
    "The one host key that it may show, as in its /etc/ssh/ssh_host_ed25519_key.pub. The known_hosts files decide when it is left out",
  ),
  jump: may(jump, "The host to go through: one of these hosts, or what `ssh -J` takes"),
  transport: may(
    choice(["ssh2", "openssh", "local"]),
    "How to reach it, when it shall not be chosen by itself. `local` is this machine",
  ),
  groups: may(list(name), "The groups it is in"),
  zone: may(name, "What fails together with it: a room, a switch, a data centre"),
  power: may(nameOf("a UPS"), "The UPS that feeds it, one of `ups`"),
  protected: may(flag, "Never changed by SCRAP"),
  ipmi: may(
    fields({
      address: must(address, "The address of its management controller"),
      user: may(userName, "Who to log in as there"),
      password: may(secret, "Where the password is kept"),
    }),
    "Its management controller, for power and fencing",
  ),
  mac: may(mac, "Its hardware address, for wake-on-LAN"),
});

export const hostsSchema = named(hostName, z.nullable(hostSchema));

export const groupsSchema = named(name, list(nameOf("a host")));

const upsKinds = ["nut", "apcupsd"];

export const upsSchema = named(
  name,
  fields({
    nut: may(name, "The name that the NUT server knows it by"),
    apcupsd: may(z.literal(true, { error: "true" }), "true: the host runs apcupsd"),
    on: must(nameOf("a host"), "The host that it is connected to"),
  })
    .check(exactlyOne(upsKinds))
    .register(z.globalRegistry, oneRequired(upsKinds)),
);

export const environmentsSchema = named(
  name,
  fields({
    groups: may(list(nameOf("a group")), "Groups whose hosts belong to it"),
    hosts: may(list(nameOf("a host")), "Hosts that belong to it"),
    after: may(nameOf("an environment"), "It gets what that one runs, and nothing that it does not"),
  }),
);

export const includeSchema = fields({
  ansible: may(
    z.union([localPath, list(localPath)], { error: "a file, or a list of files" }),
    "Ansible inventories whose hosts and groups are added: INI, YAML, or what `ansible-inventory` reads",
  ),
  ssh: may(
    z.union([z.literal(true), localPath], { error: "true, or a file" }),
    "true: the hosts of ~/.ssh/config are added; or another OpenSSH configuration",
  ),
});

export type HostFields = z.output<typeof hostSchema>;
export type Defaults = z.output<typeof defaultsSchema>;
