import type { Command } from "commander";
import { UsageError } from "../errors.ts";
import type { Context } from "./context.ts";
import { printDocument, toFormat } from "./output.ts";

/** The commands about scrap itself, which ask no host. */
export function addOwnCommands(program: Command, context: Context, done: (exitCode: number) => void): void {
  program
    .command("demo")
    .description(
      "any command on a simulated homelab: scrap demo [--story NAME] [--at SECONDS] [--hosts COUNT] [COMMAND…]",
    )
    .argument("[command...]")
    .action(() => {
      // What makes one has taken the word, where it is the first.
      throw new UsageError("`demo` comes first: scrap demo status --json");
    });

  program
    .command("schema")
    .description("the JSON Schema of the inventory")
    .action(async (_: unknown, command: Command) => {
      const format = toFormat(command.optsWithGlobals());
      if (format === "name") throw new UsageError("The schema has no names to print: -o json or -o yaml.");
      const { inventoryJsonSchema } = await import("../inventory/json-schema.ts");
      context.print(await printDocument(inventoryJsonSchema(), format === "yaml" ? "yaml" : "json"));
    });

  program
    .command("settings")
    .description("what is set, or set one: scrap settings watch.refreshSeconds 5")
    .argument("[key]")
    .argument("[value]")
    .action(async (key: string | undefined, value: string | undefined, _: unknown, command: Command) => {
      const { settings } = await import("./settings.ts");
      done(await settings(context, command.optsWithGlobals(), key, value));
    });

  program
    .command("completion")
    .description("a completion script")
    .argument("<shell>", "bash, zsh or fish")
    .action(async (shell: string) => {
      const { completion } = await import("./completion.ts");
      context.print(completion(shell));
    });

  program
    .command("complete", { hidden: true })
    .description("for completion scripts: what may stand for the last of these words")
    .argument("[word...]")
    .option("--described")
    .action(async (words: string[], { described = false }: { readonly described?: boolean }) => {
      const { complete } = await import("./complete.ts");
      await complete(context, program, words, described);
    });
}
