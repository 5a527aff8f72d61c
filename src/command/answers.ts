import { UnreadableOutput } from "../errors.ts";

/** What `Files` was answered: path → text. What could not be read is not in it. */
export function parseFiles(stdout: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let path: string | undefined;
  let lines: string[] = [];
  const close = () => {
    if (path !== undefined) files.set(path, lines.join(""));
    lines = [];
  };
  for (const line of splitLines(stdout)) {
    if (line.startsWith("=")) {
      close();
      path = line.slice(1);
    } else if (line.startsWith(":") && path !== undefined) {
      lines.push(`${line.slice(1)}\n`);
    } else {
      throw new UnreadableOutput(`Not a line of a file: ${line.slice(0, 200)}`);
    }
  }
  close();
  return files;
}

/** What `Look` was answered: program → its path, and the paths that exist. */
export interface Found {
  readonly programs: ReadonlyMap<string, string>;
  readonly paths: ReadonlySet<string>;
}

export function parseLook(stdout: string): Found {
  const programs = new Map<string, string>();
  const paths = new Set<string>();
  for (const line of splitLines(stdout)) {
    const program = /^\+(\S+) (.*)$/.exec(line);
    if (program) programs.set(program[1] ?? "", program[2] ?? "");
    else if (line.startsWith("/")) paths.add(line);
    else throw new UnreadableOutput(`Not an answer to a look: ${line.slice(0, 200)}`);
  }
  return { programs, paths };
}

function splitLines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}

/**
 * Teaches a shell `scrap_read` and `scrap_look`. Builtins only and no subshell, so that nothing is started on the host.
 *
 * Each line of a file is sent behind a `:`, so that no content can pass for a path. Where `scrap_mark` is set it frames
 * the answer, in the same write: two small ones would wait for one another on a slow network (Nagle).
 */
export const shellFunctions = `
scrap_say() {
  printf %s "\${scrap_mark:+$scrap_mark
}$o\${scrap_mark:+$scrap_mark 0
}"
}
scrap_read() {
  n=$1; shift; o=
  for f do
    [ -r "$f" ] || continue
    o="$o=$f
"
    [ -d "$f" ] && continue
    i=0
    while IFS= read -r l || [ -n "$l" ]; do
      o="$o:$l
"
      i=$((i+1)); [ "$i" = "$n" ] && break
    done <"$f"
  done 2>/dev/null
  scrap_say
}
scrap_look() {
  o=; i=$IFS
  while [ "$1" != -- ]; do
    IFS=:
    for d in $PATH; do
      [ -f "$d/$1" ] && [ -x "$d/$1" ] && { o="$o+$1 $d/$1
"; break; }
    done
    IFS=$i
    shift
  done; shift
  for f do [ -e "$f" ] && o="$o$f
"; done
  scrap_say
}
`;
