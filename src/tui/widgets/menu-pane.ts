import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import { wrap } from "../text/wrap.ts";
import type { Look } from "../theme/look.ts";
import type { MenuItem } from "../view/menu-item.ts";
import type { Scene } from "../view/scene.ts";
import type { ConsentOverlay, MenuId, MenuOverlay } from "../view/view.ts";
import { drawField } from "./field.ts";

const titles: Record<MenuId, string> = {
  palette: "Go to, or do",
  help: "Keys here",
  actions: "What can be done",
  ask: "",
  themes: "Themes",
  settings: "Settings",
};

/** A menu in the place of the page: what is typed narrows it. */
export function drawMenu(
  { menu, field, cursor, asking }: MenuOverlay,
  items: readonly MenuItem[],
  about: string,
  { look }: Scene,
  width: number,
  height: number,
): readonly string[] {
  const { paint, signs } = look;
  const at = Math.min(cursor, items.length - 1);
  const reason = drawReason(items[at], look, width);
  const space = height - 3 - reason.length;
  const room = Math.max(1, items.length > space ? space - 1 : space);
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), items.length - room));
  const title = [titles[menu], about].filter((word) => word !== "").join(": ");
  const hintWidth = Math.min(24, Math.max(0, ...items.map(({ hint }) => widthOf(hint ?? ""))));
  const rows = items.slice(top, top + room).map((item, index) => {
    const isHere = top + index === at;
    const hint = fit(item.hint ?? "", hintWidth, signs.ellipsis);
    const words = fit(item.title, width - hintWidth - 8, signs.ellipsis);
    const token = item.why === undefined ? (isHere ? "selected" : "text") : "muted";
    const beside = item.why ?? item.value ?? "";
    const why =
      beside === "" ? "" : fit(beside, Math.max(0, width - hintWidth - 10 - widthOf(words)), signs.ellipsis);
    const pad = " ".repeat(hintWidth - widthOf(hint));
    return `${isHere ? paint("focus", signs.pointer) : " "}  ${paint("key", hint)}${pad}  ${paint(token, words)}${why === "" ? "" : `  ${paint("muted", why)}`}`;
  });
  const below = items.length - top - room;
  return [
    `  ${paint("strong", fit(title, width - 4, signs.ellipsis))}`,
    `  ${paint("key", "/")} ${drawField(field, width - 6, look).text}`,
    top > 0 ? `   ${paint("muted", `${signs.up} ${top} more`)}` : "",
    ...(rows.length > 0 ? rows : [`   ${paint("muted", sayNothing(menu, asking))}`]),
    ...(below > 0 ? [`   ${paint("muted", `${signs.down} ${below} more`)}`] : []),
    ...reason,
  ];
}

function sayNothing(menu: MenuId, asking: MenuOverlay["asking"]): string {
  if (menu !== "ask" || (asking?.found ?? asking?.ask.choices)) return "nothing of that name";
  return asking?.ask.find ? "asking the hosts …" : "type it";
}

/** Why the one under the cursor cannot be chosen, to its end, and what would make it possible. */
function drawReason(item: MenuItem | undefined, { paint }: Look, width: number): readonly string[] {
  if (item?.why === undefined) return [];
  const said = [item.why, ...(item.hope === undefined ? [] : [item.hope])];
  return ["", ...said.flatMap((text) => wrap(text, width - 6)).map((text) => `    ${paint("muted", text)}`)];
}

/** A question with its answers. Cancel is the first of them; where names have to be typed, the answer until then. */
export function drawConsent(
  { consent, button, field, typed }: ConsentOverlay,
  { look }: Scene,
  width: number,
  height: number,
): readonly string[] {
  const { paint, signs } = look;
  const { title, lines, confirm, names = [] } = consent;
  const name = names[typed ?? 0];
  const chosen = field && name !== undefined ? (field.text === name ? 1 : 0) : button;
  const buttons = ["Cancel", confirm].map((word, index) =>
    index === chosen ? paint("selected", `[ ${word} ]`) : `  ${word}  `,
  );
  const room = Math.max(1, height - (field ? 7 : 5));
  const all = lines.flatMap((text) => (text === "" ? [""] : wrap(text, width - 4)));
  const shown =
    all.length > room
      ? [...all.slice(0, room - 1), `${signs.ellipsis} ${all.length - room + 1} more lines in the plan`]
      : all;
  return [
    `  ${paint("strong", fit(title, width - 4, signs.ellipsis))}`,
    "",
    ...shown.map((text) => `  ${text}`.trimEnd()),
    "",
    ...(field && name !== undefined
      ? [
          `  ${paint("failed", `Type ${name} to go on:`)} ${drawField(field, Math.max(8, width - 24 - widthOf(name)), look).text}`,
          "",
        ]
      : []),
    // The brackets point already.
    `  ${buttons.join("  ")}`.trimEnd(),
  ];
}
