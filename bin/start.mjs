// Plain JavaScript that any Node.js can read, so that one that is too old gets to say so.
import { existsSync } from "node:fs";

const bundle = new URL("../dist/main.js", import.meta.url);

if (Number.parseInt(process.versions.node, 10) < 22) {
  process.stderr.write(
    `scrap: needs Node.js 22 or later; ${process.execPath} is ${process.version}.\n` +
      "Name another one in SCRAP_NODE, or run 'npm start' in the checkout once: it fetches one.\n",
  );
  process.exitCode = 70;
} else if (!existsSync(bundle)) {
  process.stderr.write("scrap: is not built yet. Run 'npm start' in the checkout once.\n");
  process.exitCode = 70;
} else {
  await import(bundle.href);
}
