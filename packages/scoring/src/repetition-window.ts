import { decisionName, type DecisionRecord, type StateRead } from "@tollgate/contracts";
import { countedIn } from "./counted-in.ts";
import { scoringLimits } from "./limits.ts";

/** What of a record says how its transaction was counted. */
export interface CountedRecord extends Pick<
  DecisionRecord,
  "transactionId" | "partitionKey" | "generation" | "layout"
> {
  readonly statesRead: readonly Pick<StateRead, "entity" | "version">[];
}

/**
 * Which records of one partition of the decision log tell again of a transaction that was counted already.
 * One rule for the live states and for a rebuild; it depends on the log alone, so both come to the same.
 */
export interface RepetitionWindow {
  /** The offset that is expected next. */
  readonly nextOffset: number;
  /** True when a record at this offset can be judged: neither too early nor forgotten. */
  readonly judges: (offset: number) => boolean;
  /** Notes a record. Asked again about an offset it gives the same answer. */
  readonly isRepetition: (offset: number, record: CountedRecord) => boolean;
  /** Goes on at a later offset: what lies between is no decision, or the log has lost it. */
  readonly skipTo: (offset: number) => void;
}

const blockRecords = scoringLimits.repetitionBlockRecords;

/** Where reading must begin so that a record at this offset is judged as if all of the log had been read. */
export function repetitionWindowStart(offset: number): number {
  return Math.max(0, Math.floor(offset / blockRecords) - 1) * blockRecords;
}

/**
 * A record repeats another when the latest one with its transaction id and card lies in the same block of
 * {@link scoringLimits.repetitionBlockRecords} offsets or the one before, and the two were not counted as
 * two: in one generation at two versions of the card, as when an id comes again after its claim has expired.
 * Two blocks of ids are remembered, whatever the length of the log: 3 MB for each partition.
 * @param start the first offset that will be given: 0, or what {@link repetitionWindowStart} says.
 * @param entity name of the transactional entity.
 */
export function createRepetitionWindow(start: number, entity: string): RepetitionWindow {
  let block = Math.floor(start / blockRecords);
  let current = emptyBlock();
  let previous = emptyBlock();
  let nextOffset = start;
  /** Generations of layouts seen here, numbered from 1. */
  const lanes = new Map<string, number>();
  const judgesFrom = start === 0 ? 0 : start + blockRecords;
  const moveTo = (wanted: number): void => {
    if (wanted === block) return;
    previous = wanted === block + 1 ? current : emptyBlock();
    current = emptyBlock();
    block = wanted;
  };
  return {
    get nextOffset() {
      return nextOffset;
    },
    judges: (offset) => offset >= Math.max(judgesFrom, (block - 1) * blockRecords),
    isRepetition(offset, record) {
      if (offset < nextOffset) return current.repeated.has(offset) || previous.repeated.has(offset);
      moveTo(Math.floor(offset / blockRecords));
      nextOffset = offset + 1;
      const name = decisionName(record);
      const count = countOf(record, entity, lanes);
      const earlier = current.counts.get(name) ?? previous.counts.get(name);
      current.counts.set(name, count);
      if (earlier === undefined || countedAsTwo(earlier, count)) return false;
      current.repeated.add(offset);
      return true;
    },
    skipTo(offset) {
      nextOffset = Math.max(nextOffset, offset);
    },
  };
}

interface Block {
  /** For each transaction id and card, how its latest record was counted. */
  readonly counts: Map<string, number>;
  readonly repeated: Set<number>;
}

function emptyBlock(): Block {
  return { counts: new Map(), repeated: new Set() };
}

/** Versions of a card stay far below it. */
const laneFactor = 2 ** 32;
const notCounted = 0;

/** Lane and version as one number; 0 when the score did not count its transaction. */
function countOf(record: CountedRecord, entity: string, lanes: Map<string, number>): number {
  const name = countedIn(record);
  const read = record.statesRead.find((state) => state.entity === entity);
  if (name === undefined || read === undefined) return notCounted;
  const lane = lanes.get(name) ?? lanes.size + 1;
  lanes.set(name, lane);
  return lane * laneFactor + read.version;
}

function countedAsTwo(earlier: number, later: number): boolean {
  if (earlier === notCounted || later === notCounted || earlier === later) return false;
  return Math.floor(earlier / laneFactor) === Math.floor(later / laneFactor);
}
