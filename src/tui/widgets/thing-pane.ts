import { hostSections } from "../details/host.ts";
import { operationSections } from "../details/operation.ts";
import { planSections } from "../details/plan.ts";
import { resourceSections } from "../details/resource.ts";
import { type DetailLine, type Section, section, wrapped } from "../details/section.ts";
import { serviceSections } from "../details/service.ts";
import { summaryOf } from "../details/summary.ts";
import { line, span } from "../line.ts";
import { isGrey, seenOfHost } from "../screens/freshness.ts";
import { seenOf } from "../screens/services.ts";
import { fit } from "../text/fit.ts";
import { type Ref, titleOfRef } from "../view/lab.ts";
import { type Scene, type Stage, sceneLayout } from "../view/scene.ts";
import type { TextBuffer } from "../view/texts.ts";
import {
  commandLog,
  type PlanPage,
  type PlanState,
  pageOf,
  type ThingPage,
  textStateOf,
  type View,
} from "../view/view.ts";
import { drawLine } from "./table.ts";

/** A thing's page as lines: titles of sections, and what stands in them. */
export interface PageLine extends DetailLine {
  readonly isTitle?: true;
}

/** A page that tells of something, line by line. */
type Told = ThingPage | PlanPage;

/** The key of the last log lines of a thing. */
export const recentOf = ({ kind, id }: Ref): string => `recent ${kind} ${id}`;

/** Is this text on the screen: read, or the last lines on a thing's page, or below the operations? */
export function isRead(key: string, view: View): boolean {
  const page = pageOf(view);
  if (!page && view.screen === "activity") return key === commandLog.source;
  return key === (page?.kind === "thing" ? recentOf(page.ref) : textStateOf(view)?.source);
}

const titleOf = (page: Told, { look, lab }: Scene, width: number): string => {
  const words = page.kind === "plan" ? page.title : titleOfRef(page.ref, lab);
  return look.paint("strong", fit(words, width, look.signs.ellipsis));
};

export function sectionsOf(ref: Ref, scene: Scene, stage: Stage): readonly Section[] {
  const { lab, look } = scene;
  if (ref.kind === "host") {
    const host = lab.host(ref.id);
    return host ? hostSections(host, lab, look, stage.history) : gone(ref);
  }
  const log = logLines(stage.texts.get(recentOf(ref)), ref.kind === "operation" ? outputLines(scene) : 8);
  if (ref.kind === "operation") {
    const operation = lab.operation(ref.id);
    return operation ? operationSections(operation, scene.now, look, log) : gone(ref);
  }
  if (ref.kind === "service") {
    const service = lab.service(ref.id);
    return service ? serviceSections(service, lab, log) : gone(ref);
  }
  const resource = lab.resource(ref.id);
  return resource ? resourceSections(resource, lab, look, stage.history, log) : gone(ref);
}

const gone = ({ kind, id }: Ref) =>
  section("GONE", [{ line: line(`This ${kind} is not seen any more: ${id}`) }]);

/** Below its steps; where there is room, more. */
const outputLines = (scene: Scene) => Math.max(8, sceneLayout(scene).body.rows - 24);

function logLines(buffer: TextBuffer | undefined, count: number): readonly DetailLine[] {
  if (!buffer) return [];
  const status = buffer.status();
  if (status.is === "failed") return [{ line: line(span(status.why, "unknown")) }];
  return buffer
    .lines()
    .slice(-count)
    .map(({ text }) => ({ line: line(span(text, "muted")) }));
}

/** Of a plan it is always the same, and may be long. */
const planLines = new WeakMap<PlanState, { readonly as: string; readonly lines: readonly PageLine[] }>();

export function pageLines(page: Told, scene: Scene, stage: Stage): readonly PageLine[] {
  const width = sceneLayout(scene).body.columns - 4;
  if (page.kind === "thing") return toLines(sectionsOf(page.ref, scene, stage), width);
  const known = planLines.get(page.state);
  const as = `${width} ${page.isFull ?? false}`;
  if (known?.as === as) return known.lines;
  const lines = toLines(planSections(page.state, page.isFull), width);
  planLines.set(page.state, { as, lines });
  return lines;
}

const toLines = (sections: readonly Section[], width: number): readonly PageLine[] =>
  sections.flatMap(({ title, lines }, index): PageLine[] => [
    ...(index === 0 ? [] : [{ line: [] }]),
    { line: line(span(title, "title")), isTitle: true },
    ...lines.flatMap((detail) => wrapped(detail, width)),
  ]);

/** The lines that open something, by their place. */
export const opensAt = (lines: readonly PageLine[]): readonly number[] =>
  lines.flatMap(({ ref }, index) => (ref ? index : []));

/** What it tells may be another by now: then it is grey. */
function ageToken({ kind, id }: Ref, { lab }: Scene): "muted" | undefined {
  if (kind === "operation") return undefined;
  if (kind === "host") {
    const host = lab.host(id);
    return host && isGrey(seenOfHost(host), lab) ? "muted" : undefined;
  }
  const item = kind === "service" ? lab.service(id) : lab.resource(id);
  return item && isGrey(seenOf(item, lab), lab) ? "muted" : undefined;
}

export function drawThing(
  page: Told,
  scene: Scene,
  stage: Stage,
  width: number,
  height: number,
): readonly string[] {
  const { cursor, top } = page;
  const { look } = scene;
  const lines = pageLines(page, scene, stage);
  const at = opensAt(lines)[cursor];
  const age = page.kind === "thing" ? ageToken(page.ref, scene) : undefined;
  const first = clampTop(top, lines.length, height - 1);
  const shown = lines.slice(first, first + height - 1);
  const below = lines.length - first - shown.length;
  const more = below > 0 ? `  ${look.signs.down} ${below} more` : "";
  return [
    `  ${titleOf(page, scene, width - 3 - more.length)}${look.paint("muted", more)}`,
    ...shown.map(({ line: words, isTitle }, index) => {
      const isHere = first + index === at;
      const pointer = isHere ? look.paint("focus", look.signs.pointer) : " ";
      const drawn = drawLine(words, width - (isTitle ? 2 : 4), look, isHere ? "selected" : age).text;
      return drawn === "" ? "" : `${pointer} ${isTitle ? "" : "  "}${drawn}`;
    }),
  ];
}

export const clampTop = (top: number, total: number, height: number): number =>
  Math.max(0, Math.min(top, total - height));

/** Of a summary these are always seen: its title, the two worst, and what hangs on it. */
const firstLines = 4;

/** Below a list, a few lines of the row under the cursor. What is wrong goes on before more is told. */
export function drawSummary(
  ref: Ref,
  { lab, look }: Scene,
  width: number,
  height: number,
): readonly string[] {
  const lines = summaryOf(ref, lab);
  let spare = Math.max(0, height - Math.min(lines.length, firstLines));
  return lines
    .flatMap((detail) => {
      const inside = wrapped(detail, width - 4);
      if (inside.length - 1 > spare) return [detail];
      spare -= inside.length - 1;
      return inside;
    })
    .slice(0, height)
    .map(({ line: words }, index) => `${index === 0 ? " " : "   "}${drawLine(words, width - 4, look).text}`);
}

/** Beside a list, as much of its page as fits. */
export function drawPeek(
  ref: Ref,
  scene: Scene,
  stage: Stage,
  width: number,
  height: number,
): readonly string[] {
  const { look } = scene;
  const age = ageToken(ref, scene);
  const lines: string[] = [` ${titleOf({ kind: "thing", ref, cursor: 0, top: 0 }, scene, width - 1)}`];
  for (const { title, lines: inside } of sectionsOf(ref, scene, stage)) {
    if (lines.length >= height) break;
    lines.push("", ` ${look.paint("title", title)}`);
    for (const { line: words } of inside.flatMap((detail) => wrapped(detail, width - 4)))
      lines.push(`   ${drawLine(words, width - 4, look, age).text}`);
  }
  return lines.slice(0, height);
}
