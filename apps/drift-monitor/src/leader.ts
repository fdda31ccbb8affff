import type { DriftVerdict, TopicNames } from "@tollgate/contracts";
import { endOffsets, type JsonProducer } from "@tollgate/event-log";
import type { LedgerReader } from "@tollgate/ledger-store";
import type { Clock, Logger } from "@tollgate/runtime";
import type { Telemetry } from "@tollgate/telemetry";
import type { Admin } from "kafkajs";
import type { Pool, PoolClient } from "pg";
import { asLeader } from "./as-leader.ts";
import { judgeUnreferenced } from "./judge-unreferenced.ts";
import { driftMonitorLimits } from "./limits.ts";
import { lookAgain } from "./look-again.ts";
import type { WatchedEngagement } from "./observe.ts";
import { pause } from "./pause.ts";
import { publishVerdicts } from "./publish-verdicts.ts";
import { readProgress } from "./store/partition-store.ts";
import { nameOf, type ModelVersion } from "./store/tile-delta.ts";
import { readDeltas, readTiledModels, writeFold, type FoldedTile } from "./store/tile-store.ts";
import { watermarkOf } from "./watermark.ts";
import { judgeDue, loadVersion, type WatchedVersion } from "./watched-version.ts";
import type { WatchedModels } from "./watched-models.ts";
import { writePerformance } from "./write-performance.ts";

export interface LeaderParts {
  readonly pool: Pool;
  readonly models: WatchedModels;
  readonly engagement: WatchedEngagement;
  readonly ledger: LedgerReader;
  readonly producer: JsonProducer;
  readonly admin: Admin;
  readonly topics: TopicNames;
  readonly latenessMs: number;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly clock: Clock;
}

/** One of several monitors merges what all of them count, judges it and publishes the verdicts. */
export interface Leader {
  /** @throws with the reason when the last turn failed. */
  check(): void;
  /** Finishes the turn in hand. */
  stop(): Promise<void>;
}

interface LeaderState {
  readonly parts: LeaderParts;
  readonly stopping: AbortController;
  failure: Error | undefined;
}

export function runLeader(parts: LeaderParts): Leader {
  const state: LeaderState = { parts, stopping: new AbortController(), failure: undefined };
  const loop = supervise(state);
  return {
    check() {
      if (state.failure !== undefined) throw state.failure;
    },
    async stop() {
      state.stopping.abort();
      await loop;
    },
  };
}

async function supervise(state: LeaderState): Promise<void> {
  const { pool, logger } = state.parts;
  while (!state.stopping.signal.aborted) {
    try {
      await asLeader(pool, (client) => lead(client, state));
      state.failure = undefined;
    } catch (error) {
      state.failure = error as Error;
      if (!state.stopping.signal.aborted)
        logger.warn("drift-turn-failed", { message: state.failure.message });
    }
    await pause(driftMonitorLimits.leaderRetryMs, state.stopping.signal);
  }
}

/** What the leader holds between turns; anew from PostgreSQL for each term. */
interface Term {
  readonly client: PoolClient;
  readonly versions: Map<string, WatchedVersion>;
  /** Versions whose reference has gone since they were counted: what was counted of them waits for it. */
  readonly absent: Set<string>;
  performanceAtMs: number;
}

async function lead(client: PoolClient, state: LeaderState): Promise<void> {
  const term: Term = { client, versions: new Map(), absent: new Set(), performanceAtMs: -Infinity };
  const { parts } = state;
  await parts.admin.connect();
  for (const model of await readTiledModels(client, driftMonitorLimits.modelVersions))
    await versionOf(term, model, parts);
  parts.logger.info("drift-leading", { models: [...term.versions.keys()].join(", ") });
  while (!state.stopping.signal.aborted) {
    const isFull = await takeTurn(term, parts);
    state.failure = undefined;
    if (!isFull) await pause(driftMonitorLimits.turnMs, state.stopping.signal);
  }
}

/** Returns true when it judged as many windows as it may: there are more. */
async function takeTurn(term: Term, parts: LeaderParts): Promise<boolean> {
  const { client } = term;
  const { telemetry, latenessMs, topics } = parts;
  // Before the fold: what is counted after it is not judged as if it were there.
  const progress = await readProgress(client, topics.decisions);
  const ends = await endOffsets(parts.admin, topics.decisions);
  term.absent.clear();
  while (await foldSome(term, parts));
  const watermarkMs = watermarkOf(progress, ends);
  let most = 0;
  if (watermarkMs !== null) {
    telemetry.metrics.driftWatermark().set(watermarkMs / 1000);
    for (const version of term.versions.values()) {
      const { verdicts, skipped } = await judgeDue(client, version, { watermarkMs, latenessMs });
      countVerdicts(verdicts, parts);
      most = Math.max(most, verdicts.length);
      telemetry.metrics.driftWindows({ status: "skipped" }).add(skipped);
    }
    countVerdicts(await judgeUnreferenced(client, watermarkMs - latenessMs), parts);
    await makePerformance(term, parts, watermarkMs);
  }
  while ((await publishVerdicts(client, parts.producer)) > 0);
  await lookAgain(client, parts.ledger);
  return most >= driftMonitorLimits.windowsPerTurn;
}

function countVerdicts(verdicts: readonly DriftVerdict[], { telemetry, logger }: LeaderParts): void {
  for (const { status, verdictId, explanation } of verdicts) {
    telemetry.metrics.driftWindows({ status }).add();
    if (status === "drifted") logger.warn("drifted", { verdict: verdictId, explanation });
  }
}

async function foldSome(term: Term, parts: LeaderParts): Promise<boolean> {
  const { client } = term;
  const limit = driftMonitorLimits.foldDeltas;
  const deltas = await readDeltas(client, { limit, except: [...term.absent] });
  if (deltas.length === 0) return false;
  const tiles: FoldedTile[] = [];
  const deltaIds: string[] = [];
  for (const [, own] of Map.groupBy(deltas, ({ model }) => nameOf(model))) {
    const [first] = own;
    if (first === undefined) continue;
    const version = await versionOf(term, first.model, parts);
    if (version === undefined) continue;
    for (const { tiles: added } of own) for (const { key, bytes } of added) version.counters.load(key, bytes);
    deltaIds.push(...own.map(({ id }) => id));
    tiles.push(...version.counters.takeChanges().map((tile) => ({ model: version.model, tile })));
  }
  await writeFold(client, { deltaIds, tiles });
  return deltas.length === limit;
}

/** Undefined, with the reason in the log, when its reference has gone since it was counted. */
async function versionOf(
  term: Term,
  model: ModelVersion,
  { models, engagement, logger }: LeaderParts,
): Promise<WatchedVersion | undefined> {
  const name = nameOf(model);
  const known = term.versions.get(name);
  if (known !== undefined) return known;
  const found = await models.referenceOf(model);
  if (!found.ok) {
    logger.error("reference-gone", { model: name, reason: found.reason });
    term.absent.add(name);
    return undefined;
  }
  const settings = engagement.monitoring?.settings;
  const version = await loadVersion(term.client, model, { profile: found.profile, settings });
  term.versions.set(name, version);
  dropOldest(term.versions);
  return version;
}

/** What nobody decides with any more is forgotten here; PostgreSQL keeps it. */
function dropOldest(versions: Map<string, WatchedVersion>): void {
  if (versions.size <= driftMonitorLimits.modelVersions) return;
  const [oldest] = [...versions].toSorted(
    ([, left], [, right]) => left.counters.newestMs - right.counters.newestMs,
  );
  if (oldest !== undefined) versions.delete(oldest[0]);
}

async function makePerformance(term: Term, parts: LeaderParts, watermarkMs: number): Promise<void> {
  const nowMs = parts.clock.monotonicMicros() / 1_000;
  if (nowMs - term.performanceAtMs < driftMonitorLimits.performanceEveryMs) return;
  term.performanceAtMs = nowMs;
  for (const version of term.versions.values()) {
    await writePerformance(term.client, version, { watermarkMs, costs: parts.engagement.policy.costs });
  }
}
