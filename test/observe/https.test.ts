import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls, { type TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasProgram } from "../transport/sshd.ts";
import { createFakeLab } from "./fake-lab.ts";

const missing = hasProgram("openssl") ? undefined : "needs openssl";

describe.skipIf(missing !== undefined)(missing ?? "an https check", () => {
  let folder: string;
  let server: Server;
  let port: number;
  const askedFor: unknown[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "scrap-test-"));
    const words =
      "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=wiki -keyout key -out cert";
    const names = "subjectAltName=DNS:wiki.example,IP:192.0.2.7";
    spawnSync("openssl", [...words.split(" "), "-addext", names], { cwd: folder });
    const [key, cert] = ["key", "cert"].map((file) => readFileSync(join(folder, file)));
    server = createServer({ key, cert }, (request, response) => {
      askedFor.push((request.socket as TLSSocket).servername);
      response.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function judge(check: string) {
    askedFor.length = 0;
    const lab = await createFakeLab(
      `hosts: { a: {} }\nservices: { wiki: { home: a, runs: { unit: wiki.service }, health: [${check}] } }`,
    );
    lab.link("a").is.says = () => JSON.stringify({ "wiki.service": "active" });
    lab.link("a").is.forward = async () => connect(port, "127.0.0.1");
    await lab.once();
    const [service] = lab.homelab().services;
    return [service?.health, service?.reason ?? ""].join(" ").trim();
  }

  it("believes nobody whom it cannot verify", async () => {
    expect(await judge('{ http: "https://wiki.example/" }')).toMatch(/^failed .*self-signed certificate/);
    expect(await judge('{ http: "https://192.0.2.7/" }')).toMatch(/^failed .*self-signed certificate/);
    expect(askedFor).toEqual([]);
  });

  it("believes a self-signed certificate where the inventory says so", async () => {
    expect(await judge('{ http: "https://wiki.example/", insecure: true }')).toBe("ok");
    expect(askedFor).toEqual(["wiki.example"]);
    expect(await judge('{ http: "https://other.example/", insecure: true }')).toBe("ok");
  });

  it("never asks for an address by name", async () => {
    expect(await judge('{ http: "https://192.0.2.7/", insecure: true }')).toBe("ok");
    expect(askedFor).toEqual([false]);
  });

  it.skipIf(!("setDefaultCACertificates" in tls))(
    "holds the certificate against name and address",
    async () => {
      const before = tls.getCACertificates("default");
      tls.setDefaultCACertificates([readFileSync(join(folder, "cert"), "utf8")]);
      try {
        expect(await judge('{ http: "https://wiki.example/" }')).toBe("ok");
        expect(await judge('{ http: "https://192.0.2.7/" }')).toBe("ok");
        expect(await judge('{ http: "https://192.0.2.8/" }')).toMatch(/^failed .*192\.0\.2\.8/);
        expect(await judge('{ http: "https://other.example/" }')).toMatch(/^failed .*other\.example/);
      } finally {
        tls.setDefaultCACertificates(before);
      }
    },
  );
});
