import { sha256 } from "../plan/digest.ts";
import type { UploadStep } from "../plan/plan.ts";
import type { Planning } from "../plan/planning.ts";
import { readNotes } from "./notes.ts";

/** That a backup was restored for a try. Kept on the host where that was, for any machine to read. */
export interface Proof {
  readonly service: string;
  readonly repository: string;
  /** Of the backup. */
  readonly id: string;
  readonly at: string;
  /** `well`: it ran and was well. `verified`: each file is what it was, and nothing was started. */
  readonly how: "well" | "verified";
}

const folder = "/var/lib/scrap/proofs";

/** Of all these hosts, the newest first; and the hosts that do not say. */
export function* proofsOf(
  hosts: readonly string[],
): Planning<{ readonly proofs: readonly Proof[]; readonly silent: readonly string[] }> {
  const { lines, silent } = yield* readNotes(hosts, folder);
  return { proofs: lines.flatMap(parseProof).toSorted((a, b) => b.at.localeCompare(a.at)), silent };
}

function parseProof(line: string): readonly Proof[] {
  try {
    const { service, repository, id, at, how } = JSON.parse(line);
    const texts = [service, repository, id, at].every((each) => typeof each === "string");
    return texts && (how === "well" || how === "verified") ? [{ service, repository, id, at, how }] : [];
  } catch {
    return [];
  }
}

export function keepProof(proof: Proof, host: string): UploadStep {
  const text = `${JSON.stringify(proof)}\n`;
  return {
    kind: "upload",
    id: "proof",
    title: `Note that ${proof.id} of ${proof.repository} can be restored`,
    effect: "changes",
    host,
    // A repository says what an id is: it must not say where we write.
    path: `${folder}/${proof.repository}.${proof.id.replaceAll(/[^\w.-]/g, "_")}`,
    mode: "0644",
    sha256: sha256(text),
    source: { text },
    timeoutMs: 30_000,
  };
}
