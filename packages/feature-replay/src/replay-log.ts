import type { DuckDBValue } from "@duckdb/node-api";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { CompiledEntity } from "@tollgate/features";
import { arrivalOrder, streamedOrder, transactionalOrder } from "./entity-order.ts";
import type { ReplayWorkspace, TableAppender } from "./open-workspace.ts";
import { createEntityReplay, type ReplayFault } from "./replay-entity.ts";
import { readReplayed, type ReplayedDecision } from "./replayed-decision.ts";
import { columnsOfEntity, pickColumns } from "./vector-columns.ts";

export interface ReplayOptions {
  /** Decisions whose transaction happened in `[fromMs, toMs)`; their states are made from the whole log. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Decisions made and labels known and arrived before this. */
  readonly asOfMs: number;
  readonly onProgress?: (steps: number) => void;
}

/**
 * Computes the vectors of a staged log from scratch: entity by entity, each state moved on by the reducer
 * that serves, in the order in which decisions say their states stood. Memory holds one state at a time.
 */
export async function* replayLog<T extends BaseTransaction>(
  workspace: ReplayWorkspace,
  compiled: CompiledEngagement<T>,
  options: ReplayOptions,
): AsyncGenerator<ReplayedDecision<T>> {
  await workspace.run("create table failures (number double, fault varchar)");
  const failures = await workspace.append("failures");
  let steps = 0;
  const onStep = (): void => {
    steps += 1;
    options.onProgress?.(steps);
  };
  for (const [position, entity] of compiled.featureSet.entities.entries()) {
    await workspace.run(`create table columns_${position} (number double, bytes blob)`);
    const appender = await workspace.append(`columns_${position}`);
    const orderOf = entity.consistency === "streamed" ? streamedOrder : transactionalOrder;
    const pass = { workspace, compiled, entity, appender, failures, options, onStep };
    await replayEntity(pass, orderOf(position));
    if (await hasUnread(workspace, position)) await replayEntity(pass, arrivalOrder(position));
    appender.finish();
  }
  failures.finish();
  yield* readReplayed(workspace, compiled, options);
}

/** Whether decisions were made before this entity was defined. */
async function hasUnread(workspace: ReplayWorkspace, entity: number): Promise<boolean> {
  const query = `select 1 from reads where entity = ${entity} and version is null limit 1`;
  for await (const [found] of workspace.chunks(query)) return (found?.length ?? 0) > 0;
  return false;
}

interface EntityPass<T extends BaseTransaction> {
  readonly workspace: ReplayWorkspace;
  readonly compiled: CompiledEngagement<T>;
  readonly entity: CompiledEntity<T>;
  readonly appender: TableAppender;
  readonly failures: TableAppender;
  readonly options: ReplayOptions;
  readonly onStep: () => void;
}

async function replayEntity<T extends BaseTransaction>(pass: EntityPass<T>, order: string): Promise<void> {
  const { featureSet, engagement } = pass.compiled;
  const position = featureSet.entities.indexOf(pass.entity);
  const columns = columnsOfEntity(featureSet, pass.entity.name);
  const vector = new Float32Array(featureSet.size);
  const states = featureSet.entities.map((): null => null) as Parameters<
    typeof featureSet.compute
  >[1][number][];
  const replay = createEntityReplay(pass.entity, engagement.transaction.fromWire, {
    computed(number, transaction, state) {
      const { occurredAtMs } = transaction;
      if (occurredAtMs < pass.options.fromMs || occurredAtMs >= pass.options.toMs) return;
      states[position] = state;
      featureSet.compute(transaction, states, vector, 0);
      pass.appender.raw.appendDouble(number);
      pass.appender.raw.appendBlob(pickColumns(vector, columns));
      pass.appender.endRow();
    },
    failed(number, fault: ReplayFault) {
      pass.failures.raw.appendDouble(number);
      pass.failures.raw.appendVarchar(fault);
      pass.failures.endRow();
    },
  });
  for await (const chunk of pass.workspace.chunks(order)) {
    const [key, lane, epoch, kind, number, version, present, uncertain, wire, fraud, labelled] = chunk;
    const rows = key?.length ?? 0;
    for (let row = 0; row < rows; row += 1) {
      replay.next({
        key: String(key?.[row]),
        lane: Number(lane?.[row]),
        epoch: Number(epoch?.[row]),
        kind: Number(kind?.[row]),
        number: Number(number?.[row]),
        version: numberOrNull(version?.[row]),
        present: present?.[row] === true,
        uncertain: uncertain?.[row] === true,
        wire: String(wire?.[row]),
        fraud: fraud?.[row] === true,
        labelledAtMs: Number(labelled?.[row]),
      });
      pass.onStep();
    }
  }
}

function numberOrNull(value: DuckDBValue | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
