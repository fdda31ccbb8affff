import type { BusinessFigures, FalsePositiveRateRatio, MaturityCurve } from "@tollgate/drift";
import type { ClientBase, Pool } from "pg";
import type { ModelVersion } from "./tile-delta.ts";

/** A figure that may not be known: JSON has no NaN. */
export type Figure = number | null;

/** What is known, and what is expected, of a day of event time. */
export interface DayFigures {
  readonly decisions: number;
  readonly frauds: number;
  /** `mature`: most of its labels have arrived; `immature`: they have not; `too-few`: nothing can be said. */
  readonly status: "mature" | "immature" | "too-few";
  /** Expected share of the day's labels of fraud that have arrived. */
  readonly maturity: Figure;
  readonly realised: PerformanceFigures & { readonly alertRate: Figure; readonly calibrationError: Figure };
  /** Before labels, from the calibrated scores alone; blind to fraud that scores low. */
  readonly estimated: PerformanceFigures | null;
  readonly business: BusinessFigures;
}

export interface PerformanceFigures {
  readonly averagePrecision: Figure;
  readonly areaUnderRoc: Figure;
  readonly recall: Figure;
  readonly precision: Figure;
  readonly falsePositiveRate: Figure;
}

export interface PerformanceDay {
  readonly model: ModelVersion;
  readonly segment: string;
  readonly dayMs: number;
  readonly figures: DayFigures;
}

/** Of a model version: how fast labels come by source, and segments beside the rest. */
export interface MaturityFigures {
  readonly curves: readonly MaturityCurve[];
  /** Over the latest days that are mature; empty while none is. */
  readonly falsePositiveRateRatios: readonly FalsePositiveRateRatio[];
}

export async function writeDays(
  client: ClientBase,
  model: ModelVersion,
  days: readonly Omit<PerformanceDay, "model">[],
): Promise<void> {
  await client.query(
    `insert into drift.performance (model, version, segment, day_ms, figures)
     select $1, $2, d.segment, d.day_ms, d.figures::jsonb
     from unnest($3::text[], $4::bigint[], $5::text[]) as d (segment, day_ms, figures)
     on conflict (model, version, segment, day_ms) do update set figures = excluded.figures`,
    [
      model.name,
      model.version,
      days.map(({ segment }) => segment),
      days.map(({ dayMs }) => dayMs),
      days.map(({ figures }) => JSON.stringify(figures)),
    ],
  );
}

export async function writeMaturity(
  client: ClientBase,
  model: ModelVersion,
  figures: MaturityFigures,
): Promise<void> {
  await client.query(
    `insert into drift.maturity (model, version, figures) values ($1, $2, $3)
     on conflict (model, version) do update set figures = excluded.figures, made_at = now()`,
    [model.name, model.version, JSON.stringify(figures)],
  );
}

/** In the order of time. */
export async function findDays(
  pool: Pool,
  filter: { readonly model?: ModelVersion; readonly fromMs?: number; readonly untilMs?: number },
): Promise<readonly PerformanceDay[]> {
  const { rows } = await pool.query<{
    model: string;
    version: number;
    segment: string;
    day_ms: string;
    figures: DayFigures;
  }>(
    `select model, version, segment, day_ms, figures from drift.performance
     where ($1::text is null or (model = $1 and version = $2))
       and day_ms >= coalesce($3::bigint, day_ms) and day_ms < coalesce($4::bigint, day_ms + 1)
     order by day_ms, model, version, segment`,
    [
      filter.model?.name ?? null,
      filter.model?.version ?? null,
      filter.fromMs ?? null,
      filter.untilMs ?? null,
    ],
  );
  return rows.map((row) => ({
    model: { name: row.model, version: row.version },
    segment: row.segment,
    dayMs: Number(row.day_ms),
    figures: row.figures,
  }));
}

export async function findMaturity(
  pool: Pool,
): Promise<readonly (MaturityFigures & { readonly model: ModelVersion })[]> {
  const { rows } = await pool.query<{ model: string; version: number; figures: MaturityFigures }>(
    "select model, version, figures from drift.maturity order by model, version",
  );
  return rows.map((row) => ({ model: { name: row.model, version: row.version }, ...row.figures }));
}
