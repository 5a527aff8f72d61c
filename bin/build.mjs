// Makes dist/: one small entry and the parts that it loads when they are needed.
import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const { version } = JSON.parse(await readFile(path("../package.json"), "utf8"));

rmSync(path("../dist"), { recursive: true, force: true });
await build({
  entryPoints: {
    main: path("../src/main.ts"),
    "decrypt-key-worker": path("../src/transport/decrypt-key-worker.ts"),
  },
  outdir: path("../dist"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  minifySyntax: true,
  legalComments: "none",
  // Optional parts of libraries: a native addon, and a debugger that only a developer of Ink installs.
  external: ["*.node", "cpu-features", "react-devtools-core"],
  define: {
    "process.env.NODE_ENV": '"production"',
    // Ink's layout engine would read itself through it, which loads half of Node.js. Who means the web says globalThis.fetch.
    fetch: "undefined",
    __VERSION__: JSON.stringify(version),
  },
  banner: {
    // What CommonJS libraries take for granted.
    js: [
      'import { createRequire as __createRequire } from "node:module";',
      "const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;",
    ].join("\n"),
  },
  logLevel: "warning",
});
