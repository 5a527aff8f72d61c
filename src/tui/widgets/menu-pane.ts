import { fit } from "../text/fit.ts";
import { width as widthOf } from "../text/width.ts";
import type { MenuItem } from "../view/menus.ts";
import type { Scene } from "../view/scene.ts";
import type { Consent, MenuId, Overlay } from "../view/view.ts";
import { drawField } from "./field.ts";

const titles: Record<MenuId, string> = {
  palette: "Go to, or do",
  help: "Keys here",
  actions: "What can be done",
  themes: "Themes",
  settings: "Settings",
};

/** A menu in the place of the page: what is typed narrows it. */
export function drawMenu(
  { menu, field, cursor }: Extract<Overlay, { kind: "menu" }>,
  items: readonly MenuItem[],
  about: string,
  { look }: Scene,
  width: number,
  height: number,
): readonly string[] {
  const { paint, signs } = look;
  const room = Math.max(1, height - 3);
  const at = Math.min(cursor, items.length - 1);
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), items.length - room));
  const title = about === "" ? titles[menu] : `${titles[menu]}: ${about}`;
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
  return [
    `  ${paint("strong", fit(title, width - 4, signs.ellipsis))}`,
    `  ${paint("key", "/")} ${drawField(field, width - 6, look).text}`,
    "",
    ...(rows.length > 0 ? rows : [`   ${paint("muted", "nothing of that name")}`]),
  ];
}

/** A question with its answers. Cancel is the first of them. */
export function drawConsent(
  { title, lines, confirm }: Consent,
  button: number,
  { look }: Scene,
  width: number,
): readonly string[] {
  const { paint, signs } = look;
  const buttons = ["Cancel", confirm].map((word, index) =>
    index === button ? paint("selected", `[ ${word} ]`) : `  ${word}  `,
  );
  return [
    `  ${paint("strong", title)}`,
    "",
    ...lines.map((text) => `  ${fit(text, width - 4, signs.ellipsis)}`),
    "",
    `  ${signs.pointer} ${buttons.join("  ")}`,
  ];
}
