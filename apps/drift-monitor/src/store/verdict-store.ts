import type { DriftStatus, DriftVerdict, DriftWindowKind } from "@tollgate/contracts";
import type { JudgeState } from "@tollgate/drift";
import type { ClientBase, Pool } from "pg";
import type { ModelVersion } from "./tile-delta.ts";

/** Which verdicts are asked for; every part may be left out. */
export interface VerdictFilter {
  readonly model?: ModelVersion;
  readonly segment?: string;
  readonly kind?: DriftWindowKind;
  readonly status?: DriftStatus;
  /** Only those that find something in this feature. */
  readonly feature?: string;
  /** Windows that end after it, and those that begin before it. */
  readonly fromMs?: number;
  readonly untilMs?: number;
}

export async function readJudgeState(
  client: ClientBase,
  model: ModelVersion,
  segment: string,
): Promise<JudgeState | undefined> {
  const { rows } = await client.query<{ state: JudgeState }>(
    "select state from drift.judges where model = $1 and version = $2 and segment = $3",
    [model.name, model.version, segment],
  );
  return rows[0]?.state;
}

/**
 * What a judge said and what it remembers now, in one statement; a verdict that stands already stays.
 * @param judged.alerts ids of verdicts that someone is to be told of.
 */
export async function writeVerdicts(
  client: ClientBase,
  judged: {
    readonly model: ModelVersion;
    readonly verdicts: readonly DriftVerdict[];
    readonly alerts: readonly string[];
    readonly state: JudgeState | undefined;
  },
): Promise<void> {
  const { model, verdicts, alerts, state } = judged;
  await client.query({
    name: "drift-verdicts",
    text: verdictsSql,
    values: [
      model.name,
      model.version,
      state?.segment ?? null,
      state === undefined ? null : JSON.stringify(state),
      verdicts.map(({ verdictId }) => verdictId),
      verdicts.map(({ segment }) => segment),
      verdicts.map(({ window }) => window.kind),
      verdicts.map(({ window }) => window.from),
      verdicts.map(({ window }) => window.until),
      verdicts.map(({ status }) => status),
      verdicts.map(({ findings }) => JSON.stringify(findings.map(({ feature }) => feature))),
      verdicts.map((verdict) => JSON.stringify(verdict)),
      alerts,
    ],
  });
}

const verdictsSql = `
  with state as (
    insert into drift.judges (model, version, segment, state)
    select $1, $2, $3::text, $4::jsonb where $3::text is not null
    on conflict (model, version, segment) do update set state = excluded.state
  ), alerts as (
    insert into drift.alerts (verdict_id) select unnest($13::text[]) on conflict do nothing
  )
  insert into drift.verdicts (
    model, version, verdict_id, segment, kind, from_at, until_at, status, features, verdict
  )
  select $1, $2, v.id, v.segment, v.kind, v.from_at, v.until_at, v.status,
    array(select jsonb_array_elements_text(v.features::jsonb)), v.verdict::json
  from unnest(
    $5::text[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[],
    $10::text[], $11::text[], $12::text[]
  ) as v (id, segment, kind, from_at, until_at, status, features, verdict)
  on conflict (verdict_id) do nothing`;

/** Verdicts that are not on the topic yet, in the order of their judgement. */
export async function readUnpublished(client: ClientBase, limit: number): Promise<readonly DriftVerdict[]> {
  const { rows } = await client.query<{ verdict: DriftVerdict }>(
    `select verdict from drift.verdicts where published_at is null
     order by judged_at, until_at, verdict_id limit $1`,
    [limit],
  );
  return rows.map(({ verdict }) => verdict);
}

export async function notePublished(client: ClientBase, verdictIds: readonly string[]): Promise<void> {
  await client.query("update drift.verdicts set published_at = now() where verdict_id = any($1::text[])", [
    verdictIds,
  ]);
}

/** The latest windows first. */
export async function findVerdicts(
  pool: Pool,
  filter: VerdictFilter,
  limit: number,
): Promise<readonly DriftVerdict[]> {
  const { rows } = await pool.query<{ verdict: DriftVerdict }>(
    `select verdict from drift.verdicts
     where ($1::text is null or (model = $1 and version = $2))
       and ($3::text is null or segment = $3) and ($4::text is null or kind = $4)
       and ($5::text is null or status = $5) and ($6::text is null or $6 = any(features))
       and ($7::float8 is null or until_at > to_timestamp($7 / 1000))
       and ($8::float8 is null or from_at < to_timestamp($8 / 1000))
     order by until_at desc, verdict_id limit $9`,
    [
      filter.model?.name ?? null,
      filter.model?.version ?? null,
      filter.segment ?? null,
      filter.kind ?? null,
      filter.status ?? null,
      filter.feature ?? null,
      filter.fromMs ?? null,
      filter.untilMs ?? null,
      limit,
    ],
  );
  return rows.map(({ verdict }) => verdict);
}

export async function findVerdict(
  pool: Pick<Pool, "query">,
  verdictId: string,
): Promise<DriftVerdict | undefined> {
  const { rows } = await pool.query<{ verdict: DriftVerdict }>(
    "select verdict from drift.verdicts where verdict_id = $1",
    [verdictId],
  );
  return rows[0]?.verdict;
}

/** Of each model version, segment and kind of window the latest verdict. */
export async function latestVerdicts(pool: Pool): Promise<readonly DriftVerdict[]> {
  const { rows } = await pool.query<{ verdict: DriftVerdict }>(
    `select distinct on (model, version, segment, kind) verdict
     from drift.verdicts order by model, version, segment, kind, until_at desc`,
  );
  return rows.map(({ verdict }) => verdict);
}
