import { type AnsibleTree, addHosts, createTree, groupOf } from "./ansible-tree.ts";
import { describeFound, type Issue, toInventoryError } from "./issues.ts";
import { splitWords } from "./shell-words.ts";

/** Reads the INI format of Ansible. Throws one `InventoryError` with all lines that are not of it. */
export function parseAnsibleIni(text: string, file: string): AnsibleTree {
  const tree = createTree();
  const issues: Issue[] = [];
  let section: Section = { group: "ungrouped", kind: "hosts" };
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const line = whole.trim();
    if (line === "" || line.startsWith("#") || line.startsWith(";")) continue;
    const next = parseSection(line);
    const problem = next === undefined ? parseLine(line, section, tree) : next.problem;
    if (problem !== undefined) {
      issues.push({ file, line: index + 1, column: whole.indexOf(line) + 1, field: [], message: problem });
    }
    if (next?.section === undefined) continue;
    section = next.section;
    groupOf(tree, section.group);
  }
  if (issues.length > 0) throw toInventoryError(issues);
  return tree;
}

interface Section {
  readonly group: string;
  readonly kind: "hosts" | "children" | "vars";
}

/** Undefined when the line is not the beginning of a section. */
function parseSection(line: string): { readonly section?: Section; readonly problem?: string } | undefined {
  const found = /^\[([^\]:[]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line);
  if (found === null) return undefined;
  const [, group = "", kind = "hosts"] = found;
  if (kind === "hosts" || kind === "children" || kind === "vars")
    return { section: { group: group.trim(), kind } };
  return { problem: `expected a group, or :children or :vars of one (found ${describeFound(line)})` };
}

/** Gives back what is wrong with the line. */
function parseLine(line: string, { group, kind }: Section, tree: AnsibleTree): string | undefined {
  if (kind === "children") {
    const name = line.replace(/\s*[#;].*$/, "");
    groupOf(tree, name);
    groupOf(tree, group).children.add(name);
    return undefined;
  }
  if (kind === "vars") {
    const [name, value] = splitAssignment(line);
    if (name === undefined) return `expected name=value (found ${describeFound(line)})`;
    const owner = groupOf(tree, group);
    owner.variables = { ...owner.variables, [name]: value };
    return undefined;
  }
  const [pattern, ...assignments] = splitWords(line, { comments: true }) ?? [];
  if (pattern === undefined) return "a quotation mark is not closed";
  if (pattern.includes("[") && !pattern.includes("]")) return "a bracket is not closed";
  const variables: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const [name, value] = splitAssignment(assignment);
    if (name === undefined) return `expected name=value after the host (found ${describeFound(assignment)})`;
    variables[name] = value;
  }
  addHosts(tree, group, pattern, variables);
  return undefined;
}

function splitAssignment(text: string): [name?: string, value?: unknown] {
  const equals = text.indexOf("=");
  return equals < 1 ? [] : [text.slice(0, equals).trim(), toValue(text.slice(equals + 1).trim())];
}

/** What Python's literals are; all else is text. */
function toValue(text: string): unknown {
  if (/^-?\d+$/.test(text) && !/^-?0\d/.test(text)) return Number(text);
  if (text === "True" || text === "False") return text === "True";
  const [, , quoted] = /^(["'])(.*)\1(?:\s*#.*)?$/.exec(text) ?? [];
  return quoted ?? text;
}
