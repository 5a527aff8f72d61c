import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inventoryFor, scrap } from "./scrap.ts";
import { onHost } from "./ssh-access.ts";

const host = "vps2";
const state = mkdtempSync(join(tmpdir(), "scrap-packages-"));
const { SCRAP_LAB_REBOOT } = process.env;

/** A package of which the host has 1.0 and its repository 1.1, which wants a restart of the host where it is told to. */
const prepare = (wantsRestart: boolean) => `
mkdir -p /srv/lab-apt && cd /srv/lab-apt && rm -rf ./*
for v in 1.0 1.1; do
  mkdir -p t/DEBIAN t/usr/share/lab-tool; echo $v >t/usr/share/lab-tool/version
  printf 'Package: lab-tool\\nVersion: %s\\nArchitecture: all\\nMaintainer: lab <lab@localhost>\\nDescription: of the lab\\n' $v >t/DEBIAN/control
  printf '#!/bin/sh\\n${wantsRestart ? "touch /run/reboot-required" : ":"}\\n' >t/DEBIAN/postinst; chmod 755 t/DEBIAN/postinst
  dpkg-deb --root-owner-group -b t lab-tool_$v.deb >/dev/null
done
{ dpkg-deb -f lab-tool_1.1.deb; printf 'Filename: ./lab-tool_1.1.deb\\nSize: %s\\nSHA256: %s\\n' $(stat -c %s lab-tool_1.1.deb) $(sha256sum lab-tool_1.1.deb | cut -d' ' -f1); } >Packages
dpkg -i lab-tool_1.0.deb >/dev/null
rm -f /run/reboot-required
echo 'deb [trusted=yes] file:/srv/lab-apt ./' >/etc/apt/sources.list.d/lab-tool.list
apt-get -q update -o Dir::Etc::sourcelist=sources.list.d/lab-tool.list -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 >/dev/null 2>&1
`;

const installed = () => onHost(host, "cat /usr/share/lab-tool/version");
const bootId = () => onHost(host, "cat /proc/sys/kernel/random/boot_id");
const upgrade = (...words: readonly string[]) =>
  scrap(["upgrade", "--host", host, ...words], inventoryFor("ops"));

beforeAll(() => {
  process.env["XDG_STATE_HOME"] = state;
});

afterAll(async () => {
  delete process.env["XDG_STATE_HOME"];
  const files =
    "/srv/lab-apt /etc/apt/sources.list.d/lab-tool.list /run/reboot-required /var/lib/apt/lists/*lab-apt*";
  await onHost(host, `dpkg -P lab-tool >/dev/null 2>&1; rm -rf ${files}`);
  rmSync(state, { recursive: true, force: true });
});

describe("the packages of a host", () => {
  it("are upgraded, its services are seen well, and it says that a restart is still to come", async () => {
    await onHost(host, prepare(true));
    const planned = await upgrade("--dry-run");
    expect(planned).toMatchObject({ exitCode: 8, stdout: expect.stringContaining("lab-tool 1.0 → 1.1") });
    expect(await installed()).toBe("1.0");
    const before = await bootId();
    const run = await upgrade("--yes");
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`of ${host}: done.`) });
    expect(run.stdout).toContain(`scrap upgrade --host ${host} --reboot`);
    expect([await installed(), await bootId()]).toEqual(["1.1", before]);
    expect(await upgrade("--yes")).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("nothing to do"),
    });
  });

  it.runIf(SCRAP_LAB_REBOOT)("and the host is started anew where that is asked for", async () => {
    await onHost(host, prepare(true));
    const before = await bootId();
    const run = await upgrade("--reboot", "--yes");
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`of ${host}: done.`) });
    expect(await installed()).toBe("1.1");
    expect(await bootId()).not.toBe(before);
    const status = await scrap(["status", host, "--json"], inventoryFor("ops"));
    expect(JSON.parse(status.stdout).hosts[0].problems).toEqual([]);
  });
});
