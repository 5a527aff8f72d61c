import type { Observations } from "../../src/backends/probe.ts";

/** A host that was asked nothing. */
export const nothing: Observations = { of: () => ({ status: "unasked" }) };
