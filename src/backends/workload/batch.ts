/**
 * Names one question about many things, by what it asks for: another set is another question, so that a thing that
 * came up a moment ago is not left out until the old answer is stale.
 */
export function batchItem(owner: string | undefined, names: readonly string[]): string {
  let hash = 0x811c9dc5; // FNV-1a
  for (const character of names.join("\n"))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  const set = `${names.length}-${(hash >>> 0).toString(16).padStart(8, "0")}`;
  return owner === undefined ? set : `${owner}/${set}`;
}
