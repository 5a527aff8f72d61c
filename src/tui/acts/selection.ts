import type { Scope } from "../input/actions.ts";
import type { Ref } from "../view/lab.ts";
import { cursorOf, markedRows } from "../view/move.ts";
import type { Scene, Stage } from "../view/scene.ts";
import { pageOf, rootOf, textStateOf } from "../view/view.ts";

/** The thing that an action is about: the page's own, or that of the row under the cursor. */
export function selectedRef(scene: Scene, stage: Stage): Ref | undefined {
  const page = pageOf(scene.view);
  if (page) return page.kind === "thing" ? page.ref : undefined;
  const shelf = stage.shelf(scene);
  return shelf.rows[cursorOf(shelf, rootOf(scene.view).list)]?.ref;
}

/** What is marked, else what is selected. */
export function chosenRefs(scene: Scene, stage: Stage): readonly Ref[] {
  const marked = pageOf(scene.view) ? [] : markedRows(stage.shelf(scene), rootOf(scene.view).list);
  if (marked.length > 0) return marked.flatMap(({ ref }) => ref ?? []);
  const ref = selectedRef(scene, stage);
  return ref ? [ref] : [];
}

export function hostOf(ref: Ref, { lab }: Scene): string | undefined {
  const { kind, id } = ref;
  if (kind === "host") return id;
  if (kind === "service") return lab.service(id)?.host;
  if (kind !== "operation") return lab.resource(id)?.host;
  const summary = lab.operation(id);
  return summary && "operation" in summary ? summary.operation.plan.hosts[0] : undefined;
}

/** The scopes of keys on the page that is shown. */
export function pageScopes({ view }: Scene): readonly Scope[] {
  if (textStateOf(view)) return ["log", "global"];
  const page = pageOf(view);
  if (page?.kind === "plan") return ["plan", "global"];
  return page ? ["page", "global"] : ["list", "global"];
}
