import { DuckDBBlobValue, type DuckDBValue } from "@duckdb/node-api";
import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { ReplayWorkspace } from "./open-workspace.ts";
import type { ReplayFault } from "./replay-entity.ts";
import type { ReplayOptions } from "./replay-log.ts";
import { columnsOfEntity, completeVector, placeColumns } from "./vector-columns.ts";

/** A decision of the log with its vector computed again. */
export interface ReplayedDecision<T extends BaseTransaction> {
  readonly transaction: T;
  readonly partition: number;
  readonly offset: number;
  /** Key of the transactional entity. */
  readonly entityKey: string;
  readonly decidedAtMs: number;
  /** Computed from scratch; only its columns of the transaction can be trusted where `fault` is set. */
  readonly vector: Float32Array;
  /** Why it cannot be computed again; null where it could. */
  readonly fault: ReplayFault | null;
  /** The vector that the decision was made from, as bytes, and the feature set that says what they mean. */
  readonly logged: Uint8Array;
  readonly featureSet: string;
  /** A record that tells again of an earlier decision. */
  readonly repeated: boolean;
  /** What was believed as of the options' time; undefined without a label. */
  readonly label: { readonly fraud: boolean; readonly labelledAtMs: number } | undefined;
}

/** Puts the columns of all entities together again, in the log's order. */
export async function* readReplayed<T extends BaseTransaction>(
  workspace: ReplayWorkspace,
  compiled: CompiledEngagement<T>,
  options: ReplayOptions,
): AsyncGenerator<ReplayedDecision<T>> {
  const { featureSet } = compiled;
  const entities = featureSet.entities.map((entity) => columnsOfEntity(featureSet, entity.name));
  for await (const chunk of workspace.chunks(assemblyQuery(entities.length, options))) {
    const rows = chunk[0]?.length ?? 0;
    for (let row = 0; row < rows; row += 1) {
      const cell = (column: number): DuckDBValue => chunk[column]?.[row] ?? null;
      yield assemble(compiled, entities, cell);
    }
  }
}

/** Columns before those of the entities. */
const ownColumns = 11;

function assemblyQuery(entities: number, { fromMs, toMs, asOfMs }: ReplayOptions): string {
  const numbers = Array.from({ length: entities }, (_, position) => position);
  return `
  with faults as (select number, min(fault) as fault from failures group by number),
  believed as (
    select id, arg_max(fraud, sequence) as fraud, arg_max(labelled, sequence) as labelled
    from distinct_labels where labelled < ${asOfMs} and matched < ${asOfMs} group by id
  )
  select d.wire, d.partition, d.log_offset, d.entity_key, d.decided, d.vector, d.feature_set, d.repeated,
    f.fault, b.fraud, b.labelled
    ${numbers.map((position) => `, c${position}.bytes, r${position}.present`).join("")}
  from decisions d
  left join faults f using (number)
  left join believed b using (id)
  ${numbers
    .map(
      (position) =>
        `left join columns_${position} c${position} on c${position}.number = d.number
         join reads r${position} on r${position}.number = d.number and r${position}.entity = ${position}`,
    )
    .join("\n")}
  where d.occurred >= ${fromMs} and d.occurred < ${toMs} and d.decided < ${asOfMs}
  order by d.number`;
}

function assemble<T extends BaseTransaction>(
  compiled: CompiledEngagement<T>,
  entities: readonly (readonly number[])[],
  cell: (column: number) => DuckDBValue,
): ReplayedDecision<T> {
  const transaction = compiled.engagement.transaction.fromWire(JSON.parse(String(cell(0))));
  const vector = new Float32Array(compiled.featureSet.size);
  const known = new Set<number>();
  let fault = cell(8) as ReplayFault | null;
  for (const [position, columns] of entities.entries()) {
    const bytes = cell(ownColumns + 2 * position);
    const wasPresent = cell(ownColumns + 2 * position + 1) === true;
    if (bytes instanceof DuckDBBlobValue) {
      placeColumns(vector, columns, bytes.bytes);
      for (const column of columns) known.add(column);
    } else if (wasPresent) fault ??= "state-not-in-log";
  }
  completeVector(compiled.featureSet, transaction, vector, known);
  const labelled = cell(10);
  const logged = cell(5);
  return {
    transaction,
    partition: Number(cell(1)),
    offset: Number(cell(2)),
    entityKey: String(cell(3)),
    decidedAtMs: Number(cell(4)),
    vector,
    fault,
    logged: logged instanceof DuckDBBlobValue ? logged.bytes : new Uint8Array(0),
    featureSet: String(cell(6)),
    repeated: cell(7) === true,
    label: labelled === null ? undefined : { fraud: cell(9) === true, labelledAtMs: Number(labelled) },
  };
}
