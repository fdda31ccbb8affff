import type { DriftVerdict } from "@tollgate/contracts";
import type { ClientBase } from "pg";
import { writeVerdicts } from "./store/verdict-store.ts";
import { nameOf, type ModelVersion } from "./store/tile-delta.ts";

interface UnreferencedRow {
  readonly model: string;
  readonly version: number;
  readonly day_ms: string;
  readonly reason: string;
  readonly approve: string;
  readonly review: string;
  readonly decline: string;
}

const dayMs = 86_400_000;

/** Days of model versions without a reference that are over: each gets its verdict, which says so. */
export async function judgeUnreferenced(
  client: ClientBase,
  closedMs: number,
): Promise<readonly DriftVerdict[]> {
  const { rows } = await client.query<UnreferencedRow>(
    `select model, version, day_ms, reason, approve, review, decline from drift.unreferenced
     where not judged and day_ms <= $1 order by day_ms, model, version limit 100`,
    [Math.floor(closedMs - dayMs)],
  );
  const verdicts: DriftVerdict[] = [];
  for (const row of rows) {
    const model = { name: row.model, version: row.version };
    const verdict = verdictOf(model, row);
    verdicts.push(verdict);
    await writeVerdicts(client, { model, verdicts: [verdict], alerts: [], state: undefined });
    await client.query(
      "update drift.unreferenced set judged = true where model = $1 and version = $2 and day_ms = $3",
      [row.model, row.version, row.day_ms],
    );
  }
  return verdicts;
}

function verdictOf(model: ModelVersion, row: UnreferencedRow): DriftVerdict {
  const fromMs = Number(row.day_ms);
  const from = new Date(fromMs).toISOString();
  const outcomes = {
    approve: Number(row.approve),
    review: Number(row.review),
    decline: Number(row.decline),
  };
  return {
    schema: "tollgate.drift.v1",
    verdictId: `${nameOf(model)}/all/day/${from}`,
    model,
    segment: "all",
    window: { kind: "day", from, until: new Date(fromMs + dayMs).toISOString() },
    status: "inconclusive",
    explanation: `Nothing to compare with: ${row.reason}.`,
    decisions: outcomes.approve + outcomes.review + outcomes.decline,
    outcomes,
    meanScore: null,
    baseline: { source: "none", decisions: 0 },
    tests: 0,
    level: 0,
    findings: [],
    untested: [],
    announced: null,
    response: { action: "nothing", reason: "nothing was compared" },
  };
}
