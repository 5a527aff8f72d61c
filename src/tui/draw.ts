import { selectedRef } from "./acts/selection.ts";
import { toAscii } from "./text/ascii.ts";
import { width as widthOf } from "./text/width.ts";
import { nameOfRef, type Ref, titleOfRef } from "./view/lab.ts";
import { isTooSmall, type Layout, leastSize } from "./view/layout.ts";
import type { MenuItem } from "./view/menu-item.ts";
import { type Scene, type Stage, sceneLayout } from "./view/scene.ts";
import { pageOf, textStateOf } from "./view/view.ts";
import { drawFooter } from "./widgets/footer.ts";
import { drawHeader, drawRule } from "./widgets/header.ts";
import { drawList, drawPlace } from "./widgets/list-pane.ts";
import { drawConsent, drawMenu } from "./widgets/menu-pane.ts";
import { drawTail, drawText } from "./widgets/text-pane.ts";
import { drawPeek, drawSummary, drawThing } from "./widgets/thing-pane.ts";

function tooSmall({ size }: Scene): readonly string[] {
  return [
    `SCRAP needs ${leastSize.columns}×${leastSize.rows}.`,
    `Here are ${size.columns}×${size.rows}.`,
    "",
    "scrap status fits any width.",
    "q leaves",
  ].slice(0, size.rows);
}

/** Every row of the screen, from top to bottom. */
export function drawScene(
  scene: Scene,
  stage: Stage,
  items: (scene: Scene) => readonly MenuItem[],
): readonly string[] {
  const rows = isTooSmall(scene.size)
    ? padded(tooSmall(scene), scene.size.rows)
    : drawFrame(scene, stage, items);
  return scene.look.unicode ? rows : rows.map(toAscii);
}

function drawFrame(
  scene: Scene,
  stage: Stage,
  items: (scene: Scene) => readonly MenuItem[],
): readonly string[] {
  const { look, size } = scene;
  const layout = sceneLayout(scene);
  const { body, peek } = layout;
  const page = padded(drawBody(scene, stage, items), body.rows);
  const [top, rule] = drawHeader(scene);
  const middle =
    peek?.at === "beside" ? beside(page, drawPane(scene, stage, peek), scene, body.columns) : page;
  const below =
    peek?.at === "below"
      ? [drawPaneRule(scene, stage), ...padded(drawPane(scene, stage, peek), peek.rows)]
      : [];
  const lower = peek?.at === "below" ? drawRule(look, size.columns) : drawPaneRule(scene, stage);
  return [top, rule, ...middle, ...below, lower, ...drawFooter(scene, stage.keymap)];
}

function drawBody(
  scene: Scene,
  stage: Stage,
  items: (scene: Scene) => readonly MenuItem[],
): readonly string[] {
  const { view } = scene;
  const { columns, rows } = sceneLayout(scene).body;
  const { overlay } = view;
  if (overlay?.kind === "menu") {
    const ref = selectedRef(scene, stage);
    const about = overlay.asking
      ? `${overlay.asking.verb.title} ${nameOfRef(overlay.asking.ref)}: ${overlay.asking.ask.title}`
      : overlay.menu === "actions" && ref
        ? aboutOf(ref, scene)
        : "";
    return drawMenu(overlay, items(scene), about, scene, columns, rows);
  }
  if (overlay?.kind === "consent") return ["", ...drawConsent(overlay, scene, columns, rows - 1)];
  const text = textStateOf(view);
  if (text) return drawText(text, scene, stage, columns, rows);
  const page = pageOf(view);
  return page && page.kind !== "text" ? drawThing(page, scene, stage, columns, rows) : drawList(scene, stage);
}

const aboutOf = (ref: Ref, { lab }: Scene) =>
  ref.kind === "operation" ? titleOfRef(ref, lab) : `${ref.kind} ${nameOfRef(ref)}`;

function drawPane(
  scene: Scene,
  stage: Stage,
  { at, columns, rows }: NonNullable<Layout["peek"]>,
): readonly string[] {
  if (scene.view.screen === "activity") return drawTail(stage, scene, columns, rows);
  const ref = selectedRef(scene, stage);
  if (!ref) return [];
  return at === "beside"
    ? drawPeek(ref, scene, stage, columns, rows)
    : drawSummary(ref, scene, columns, rows);
}

/** The rule under a list tells where in it we are. */
function drawPaneRule(scene: Scene, stage: Stage): string {
  const { look, size, view } = scene;
  if (view.opened.length > 0 || view.overlay?.kind === "menu") return drawRule(look, size.columns);
  const [views, at] = drawPlace(scene, stage, look);
  const { rule } = look.signs;
  const begin = views === "" ? "" : `${look.paint("border", rule)} ${views} `;
  const rest = size.columns - widthOf(begin) - widthOf(at) - 5;
  if (rest < 4) return drawRule(look, size.columns);
  // What changes with each key stands last: what is the same before it is not sent again.
  return ` ${begin}${look.paint("border", rule.repeat(rest))} ${at} ${look.paint("border", rule)}`;
}

function beside(
  left: readonly string[],
  right: readonly string[],
  { look }: Scene,
  width: number,
): readonly string[] {
  return left.map((text, row) => {
    const gap = " ".repeat(Math.max(0, width - widthOf(text)));
    return `${text}${gap} ${look.paint("border", look.signs.vertical)}${right[row] ?? ""}`;
  });
}

const padded = (lines: readonly string[], height: number): readonly string[] =>
  lines.length >= height
    ? lines.slice(0, height)
    : [...lines, ...Array<string>(height - lines.length).fill("")];
