import { type AnsibleTree, addHosts, createTree, groupOf } from "./ansible-tree.ts";
import { isFields } from "./formats.ts";
import { describeFound, type FieldPath, type Issue, toFieldName, toInventoryError } from "./issues.ts";
import { parseYaml, type YamlText } from "./yaml-text.ts";

/** Reads the YAML format of Ansible. What is encrypted by its vault is left out. Throws one `InventoryError`. */
export function parseAnsibleYaml(text: string, file: string): AnsibleTree {
  const yaml = parseYaml(text, file, "ansible");
  if (yaml.issues.length > 0) throw toInventoryError(yaml.issues);
  const tree = createTree();
  const issues: Issue[] = [];
  if (isFields(yaml.value)) {
    for (const [name, group] of Object.entries(yaml.value))
      readGroup(name, group, [name], { tree, yaml, file, issues });
  } else {
    issues.push({ file, line: 1, column: 1, field: [], message: "expected groups" });
  }
  if (issues.length > 0) throw toInventoryError(issues);
  for (const path of yaml.encrypted) {
    tree.warnings.push(`${file}: ${toFieldName(path)} is encrypted and was left out`);
  }
  return tree;
}

interface Reading {
  readonly tree: AnsibleTree;
  readonly yaml: YamlText;
  readonly file: string;
  readonly issues: Issue[];
}

function readGroup(name: string, value: unknown, path: FieldPath, reading: Reading): void {
  const group = groupOf(reading.tree, name);
  for (const [field, content] of fieldsOf(value, path, reading)) {
    const at = [...path, field];
    if (field === "vars") {
      group.variables = { ...group.variables, ...Object.fromEntries(fieldsOf(content, at, reading)) };
    } else if (field === "hosts") {
      for (const [host, variables] of fieldsOf(content, at, reading)) {
        const all = Object.fromEntries(fieldsOf(variables, [...at, host], reading));
        addHosts(reading.tree, name, host, all);
      }
    } else if (field === "children") {
      for (const [child, inner] of fieldsOf(content, at, reading)) {
        group.children.add(child);
        readGroup(child, inner, [...at, child], reading);
      }
    } else {
      reading.tree.warnings.push(
        `${reading.file}: ${toFieldName(at)} is no field of a group and was left out`,
      );
    }
  }
}

/** None where there is nothing; a single text is one field without content, as Ansible takes it. */
function fieldsOf(value: unknown, path: FieldPath, { yaml, file, issues }: Reading): [string, unknown][] {
  if (value === null || value === undefined) return [];
  if (typeof value === "string") return [[value, null]];
  if (isFields(value)) return Object.entries(value);
  const message = `expected fields (found ${describeFound(value)})`;
  issues.push({ file, ...yaml.positionOf(path), field: path, message });
  return [];
}
