import * as z from "zod/mini";
import { exactlyOne, fields, may, oneRequired } from "./schema-shapes.ts";
import { argv, duration, flag, list, nameOf, operand, port, url } from "./schema-words.ts";

export const healthKinds = ["tcp", "http", "command"] as const;

const statusRule = "an HTTP status such as 200, or a list";
const status = z
  .number({ error: statusRule })
  .check(
    z.int({ error: statusRule }),
    z.minimum(100, { error: statusRule }),
    z.maximum(599, { error: statusRule }),
  );

const tcpRule = "a port from 1 to 65535, or address:port";

const endpoint = z.string({ error: tcpRule }).check(
  z.refine(
    (value) => {
      const [, number] = /^(?:[\p{L}\p{N}_:[][\p{L}\p{N}_.:%[\]-]*:)?(\d{1,5})$/u.exec(value) ?? [];
      return number !== undefined && Number(number) >= 1 && Number(number) <= 65535;
    },
    { error: tcpRule },
  ),
);

const tcp = z.union([port, endpoint], { error: tcpRule });

const check = fields({
  tcp: may(tcp, "A port that must take connections, on the host's 127.0.0.1; or address:port"),
  http: may(url, "A URL that must answer. It is asked from the host"),
  status: may(
    z.union([status, list(status)], { error: statusRule }),
    "The status it must answer with. Any from 200 to 399 when it is left out",
  ),
  insecure: may(flag, "Takes any certificate, such as one that is self-signed"),
  command: may(argv, "A command that must end with exit code 0: [program, argument, …]"),
  in: may(operand, "The container to run the command in. On the host when it is left out"),
  on: may(nameOf("a host"), "The host to ask from, when it is another than the one it runs on"),
  timeout: may(duration, "An answer that takes longer is a failure. 5s when it is left out"),
})
  .check(exactlyOne(healthKinds, { status: ["http"], insecure: ["http"], in: ["command"] }))
  .register(z.globalRegistry, oneRequired(healthKinds));

export const healthSchema = list(check);

export type HealthFields = z.output<typeof check>;
