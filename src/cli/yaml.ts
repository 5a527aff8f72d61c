import { stringify } from "yaml";

/** A file of its own, because few ask for YAML and the library is large. */
export const toYaml = (document: unknown): string =>
  stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd();
