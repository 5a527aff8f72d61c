/**
 * As much of Go's templates as one gives to `--format` of podman and docker: fields, `json`, `index`, a method with a
 * word, `if`, `range`. Throws, as the real ones do, for a field that is not there.
 */
export function renderTemplate(template: string, data: unknown): string {
  const tokens = template.split(/(\{\{.*?\}\})/s);
  const [text] = renderUntil(tokens, 0, data, true);
  return text;
}

type Rendered = readonly [text: string, next: number, end: string];

function renderUntil(tokens: readonly string[], from: number, data: unknown, isShown: boolean): Rendered {
  let text = "";
  for (let at = from; at < tokens.length; at++) {
    const token = tokens[at] ?? "";
    const action = /^\{\{(.*)\}\}$/s.exec(token)?.[1]?.trim();
    if (action === undefined) {
      text += isShown ? token : "";
    } else if (action === "end" || action === "else") {
      return [text, at, action];
    } else if (action.startsWith("if ")) {
      const isTrue = isShown && isTruthy(evaluate(action.slice(3), data));
      const [then, after, end] = renderUntil(tokens, at + 1, data, isTrue);
      const [otherwise, last] =
        end === "else" ? renderUntil(tokens, after + 1, data, isShown && !isTrue) : ["", after];
      text += then + otherwise;
      at = last;
    } else if (action.startsWith("range ")) {
      const items = isShown ? evaluate(action.slice(6), data) : [];
      const [, after] = renderUntil(tokens, at + 1, data, false);
      for (const item of Array.isArray(items) ? items : [])
        text += renderUntil(tokens, at + 1, item, true)[0];
      at = after;
    } else if (isShown) {
      const value = evaluate(action, data);
      text += typeof value === "string" ? value : JSON.stringify(value);
    }
  }
  return [text, tokens.length, ""];
}

const isTruthy = (value: unknown) =>
  value !== undefined && value !== null && value !== false && value !== "" && value !== 0;

function evaluate(expression: string, data: unknown): unknown {
  const inner = expression.trim().replace(/^\((.*)\)$/s, "$1");
  const json = /^json (.+)$/s.exec(inner);
  if (json) return JSON.stringify(evaluate(json[1] ?? "", data));
  // `index .Labels "name"`, and methods of one word such as `.Label "name"`.
  const index = /^(?:index )?(\.[\w.]+) "([^"]*)"$/.exec(inner);
  if (index) return (evaluate(index[1] ?? "", data) as Record<string, unknown>)[index[2] ?? ""] ?? "";
  if (!/^(\.\w+)+$/.test(inner)) throw new Error(`template: unexpected "${inner}"`);
  return inner
    .slice(1)
    .split(".")
    .reduce((value: unknown, field) => {
      if (value === null || typeof value !== "object" || !(field in value))
        throw new Error(`template: can't evaluate field ${field}`);
      return (value as Record<string, unknown>)[field];
    }, data);
}
