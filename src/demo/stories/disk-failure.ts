import { disk } from "../disks.ts";
import type { SimulatedHost } from "../state.ts";
import type { ZfsDevice, Zpool } from "../state-storage.ts";
import type { Story } from "./happening.ts";

const [firstErrors, faulted, replaced, resilvered] = [15, 45, 150, 390];

/** A disk of the mirror goes bad, is replaced, and the new one is filled. */
export const diskFailure: Story = {
  happenings: [
    {
      after: firstErrors,
      act: (host) => {
        const [, device] = mirrorOf(host("nas"));
        device.errors = { read: 3, write: 0, checksum: 0 };
        const bad = host("nas").disks.find(({ name }) => device.part.startsWith(name))?.smart;
        if (bad) Object.assign(bad, { pending: 8, reallocated: 24 });
      },
    },
    {
      after: faulted,
      act: (host) =>
        Object.assign(mirrorOf(host("nas"))[1], {
          state: "FAULTED",
          errors: { read: 14, write: 6, checksum: 0 },
        }),
    },
    {
      after: replaced,
      act: (host, at) => {
        const nas = host("nas");
        const [pool, device] = mirrorOf(nas);
        const name = freeName(nas);
        const old = nas.disks.find((each) => device.part.startsWith(each.name));
        const parts = (old?.parts ?? []).map((part) => ({
          ...part,
          name: part.name.replace(/^[a-z]+/, name),
        }));
        const fresh = disk("nas", name, "hdd", parts);
        nas.disks.push({ ...fresh, ...(fresh.smart ? { smart: { ...fresh.smart, hours: 2 } } : {}) });
        const id = `ata-${fresh.model?.replaceAll(" ", "_")}_${fresh.serial}`;
        device.replacement = { part: `${name}1`, id };
        pool.scan = { doing: "resilver", startedAt: at, endsAt: at + (resilvered - replaced) * 1000 };
      },
    },
    {
      after: resilvered,
      act: (host) => {
        const nas = host("nas");
        const [, device] = mirrorOf(nas);
        const gone = nas.disks.findIndex(({ name }) => device.part.startsWith(name));
        if (gone >= 0) nas.disks.splice(gone, 1);
        const { part, id } = device.replacement ?? device;
        Object.assign(device, { part, id, state: "ONLINE", errors: { read: 0, write: 0, checksum: 0 } });
        delete device.replacement;
      },
    },
  ],
};

function mirrorOf({ zpools }: SimulatedHost): readonly [pool: Zpool, device: ZfsDevice] {
  const pool = zpools[0];
  const device = pool?.mirror[0];
  if (!pool || !device) throw new Error("The story needs a mirror.");
  return [pool, device];
}

const freeName = ({ disks }: SimulatedHost) =>
  ["sdd", "sde", "sdb", "sdc"].find((name) => disks.every((each) => each.name !== name)) ?? "sdz";
