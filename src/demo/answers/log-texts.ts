/** What programs say on a quiet day, by what they are: the first whose name fits. */
const kinds: readonly (readonly [name: RegExp, texts: readonly string[]])[] = [
  [
    /db\b|postgres/,
    [
      "LOG:  checkpoint starting: time",
      "LOG:  checkpoint complete: wrote 41 buffers (0.3%); 0 WAL file(s) added, 0 removed, 0 recycled",
      "LOG:  automatic vacuum of table: index scans: 0",
    ],
  ],
  [
    /cache|broker/,
    ["* 100 changes in 300 seconds. Saving...", "* Background saving started", "* DB saved on disk"],
  ],
  [
    /unbound|chrony/,
    [
      "info: 10.0.20.41 nas.home. A IN NOERROR 0.000000 1 54",
      "info: generate keytag query _ta-4f66. NULL IN",
      "info: average recursion processing time 0.031427 sec",
    ],
  ],
  [
    /mail|smtp|imap|postfix/,
    [
      "connect from relay.example[192.0.2.25]",
      "disconnect from relay.example[192.0.2.25] ehlo=1 quit=1 commands=2",
      "imap-login: Login: user=<ops>, method=PLAIN, rip=10.0.20.7, TLS",
      "statistics: max connection rate 1/60s for (smtp:192.0.2.25)",
    ],
  ],
  [
    /mosquitto|zigbee|home|weather|cameras/,
    [
      "New client connected from 10.0.30.12:49152 as sensor-attic (p2, c1, k60)",
      "Received MQTT message on 'attic/temperature'",
      "state of climate.attic changed to heat",
      "Client sensor-attic already connected, closing old connection",
    ],
  ],
  [
    /smbd|nfs|rest-server|sync/,
    ["connection from 10.0.20.7", "closed connection from 10.0.20.7", "index of 12,904 files is current"],
  ],
  [
    /./,
    [
      "GET / 200 8ms",
      "GET /health 200 1ms",
      "request finished in 12 ms",
      "session opened for 10.0.20.7",
      "session closed for 10.0.20.7",
    ],
  ],
];

export const usualTexts = (name: string): readonly string[] =>
  kinds.find(([pattern]) => pattern.test(name))?.[1] ?? [];
