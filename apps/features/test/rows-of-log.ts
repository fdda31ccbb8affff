import { readLog } from "@tollgate/event-log";
import { readLabelled, readWholeDecision } from "@tollgate/feature-replay";
import { emptyRow, type StateRow } from "@tollgate/feature-store";
import { stateBytes } from "@tollgate/features";
import { silentLogger, systemClock } from "@tollgate/runtime";
import {
  applyDecision,
  applyLabelled,
  createRepetitionWindow,
  decisionEvent,
  labelEvent,
  type RepetitionWindow,
} from "@tollgate/scoring";
import { expect } from "vitest";
import type { Platform } from "./platform.ts";

/** Holds every row of a generation to what the log says, bit for bit; returns how many rows that is. */
export async function expectRowsOfLog(platform: Platform, generation: number): Promise<number> {
  const { compiled } = platform;
  const store = platform.store.inGeneration(generation);
  const expected = await expectedRows(platform);
  const different: string[] = [];
  for (const [name, row] of expected) {
    const [entityName, key = ""] = name.split("\0");
    const entity = compiled.featureSet.entities.find((candidate) => candidate.name === entityName);
    if (entity === undefined) throw new Error(`no entity ${entityName}`);
    const [read] = (await store.recall([{ entity, key }], [])).states;
    if (bytesOf(read?.row ?? null) !== bytesOf(row)) different.push(name);
  }
  expect(different).toEqual([]);
  return expected.size;
}

/** What the log alone says every row must be, by the plainest code there is: all states in memory. */
async function expectedRows(platform: Platform): Promise<ReadonlyMap<string, StateRow>> {
  const { compiled, kafka, topics } = platform;
  const link = { kafka, logger: silentLogger(), clock: systemClock() };
  const rows = new Map<string, StateRow>();
  const rowOf = (entity: (typeof compiled.featureSet.entities)[number], key: string): StateRow => {
    const name = `${entity.name}\0${key}`;
    const row = rows.get(name) ?? emptyRow(entity);
    rows.set(name, row);
    return row;
  };
  const windows = new Map<number, RepetitionWindow>();
  await readLog({
    ...link,
    topic: topics.decisions,
    async handle({ partition, messages }) {
      const window = windows.get(partition) ?? createRepetitionWindow(0, compiled.partitionEntity.name);
      windows.set(partition, window);
      for (const message of messages) {
        const record = readWholeDecision(message.value);
        const offset = Number(message.offset);
        if (record === undefined || window.isRepetition(offset, record)) continue;
        const event = decisionEvent(compiled, { partition, offset, record });
        for (const entity of compiled.featureSet.entities) {
          const row = rowOf(entity, entity.key(event.transaction));
          if (entity.consistency === "streamed") applyDecision(entity, row, event);
          else entity.apply(row.state, event.transaction);
        }
      }
    },
  });
  await readLog({
    ...link,
    topic: topics.labelledTransactions,
    async handle({ messages }) {
      for (const { value } of messages) {
        const record = readLabelled(value);
        if (record === undefined) continue;
        const event = labelEvent(compiled, record);
        for (const entity of compiled.featureSet.entities) {
          if (entity.usesLabels) applyLabelled(entity, rowOf(entity, entity.key(event.transaction)), event);
        }
      }
    },
  });
  return rows;
}

function bytesOf(row: StateRow | null): string {
  if (row === null) return "no row";
  const state = Buffer.from(stateBytes(row.state)).toString("base64");
  return `${state} ${row.nextOffsets.join(",")} ${row.nextLabelSequence}`;
}
