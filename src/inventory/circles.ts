import type { FieldPath, Issue } from "./issues.ts";
import { valuesAt } from "./references.ts";
import type { YamlText } from "./yaml-text.ts";

/** What leads back to itself: jump hosts, environments and dependencies. Each circle is told once, at its first step in the file. */
export function checkCircles(yaml: YamlText, file: string): Issue[] {
  return [
    ...findCircles(stepsAt(yaml, "hosts.*.jump"), "is reached through itself", yaml, file),
    ...findCircles(stepsAt(yaml, "environments.*.after"), "comes after itself", yaml, file),
    ...findCircles(stepsAt(yaml, "services.*.dependsOn.*"), "depends on itself", yaml, file),
    ...stepsAt(yaml, "services.*.avoid.*").flatMap(({ from, to, path }): Issue[] =>
      from === to
        ? [{ file, ...yaml.positionOf(path), field: path, message: `${from} cannot avoid itself` }]
        : [],
    ),
    ...checkReplicas(yaml, file),
  ];
}

interface Step {
  readonly from: string;
  readonly to: string;
  readonly path: FieldPath;
}

function stepsAt(yaml: YamlText, field: string): Step[] {
  return valuesAt(yaml.value, field.split(".")).flatMap(([path, value]) =>
    typeof value === "string"
      ? value.split(",").map((to) => ({ from: String(path[1]), to: to.trim(), path }))
      : [],
  );
}

function findCircles(steps: readonly Step[], what: string, yaml: YamlText, file: string): Issue[] {
  const issues: Issue[] = [];
  const finished = new Set<string>();
  const visit = (name: string, trail: readonly Step[]) => {
    if (finished.has(name)) return;
    for (const step of steps) {
      if (step.from !== name) continue;
      const start = [...trail, step].findIndex(({ from }) => from === step.to);
      if (start < 0) {
        visit(step.to, [...trail, step]);
        continue;
      }
      const circle = [...trail, step].slice(start);
      const first = circle[0] ?? step;
      const names = [...circle.map(({ from }) => from), first.from].join(" → ");
      issues.push({
        file,
        ...yaml.positionOf(first.path),
        field: first.path,
        message: `${first.from} ${what}: ${names}`,
      });
    }
    finished.add(name);
  };
  for (const { from } of steps) visit(from, []);
  return issues;
}

/** A replica beside the original dies with it. */
function checkReplicas(yaml: YamlText, file: string): Issue[] {
  return valuesAt(yaml.value, ["services", "*"]).flatMap(([path, service]) => {
    const home = valuesAt(service, ["home"])[0]?.[1];
    return valuesAt(service, ["replica", "on"], path).flatMap(([field, on]): Issue[] =>
      typeof on === "string" && on === home
        ? [{ file, ...yaml.positionOf(field), field, message: `expected another host than its home, ${on}` }]
        : [],
    );
  });
}
