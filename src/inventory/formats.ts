/** YAML begins with `---`, `{` or a name with a colon behind it; INI with a section or a host. */
export function looksLikeYaml(text: string): boolean {
  const first = text.split("\n").find((line) => /^\s*[^\s#;]/.test(line)) ?? "";
  return /^(?:---|%YAML|\{|"?[\w.-]+"?:(?:\s|$))/.test(first);
}

const groupFields = new Set(["hosts", "children", "vars"]);

/** Is this Ansible's way to write an inventory, rather than ours? There all that is at the top is groups. */
export function isAnsibleYaml(value: unknown): boolean {
  if (!isFields(value)) return false;
  const groups = Object.entries(value);
  const isGroup = (group: unknown) =>
    group === null || (isFields(group) && Object.keys(group).every((field) => groupFields.has(field)));
  const isTelling = ([name, group]: [string, unknown]) =>
    name === "all" || (isFields(group) && Object.keys(group).length > 0);
  return groups.every(([, group]) => isGroup(group)) && groups.some(isTelling);
}

export function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
