import { loadLimits } from "./limits.ts";

/** What is wrong, of all transactions of a run. */
export interface DecisionFaults {
  readonly accepted: number;
  /** Distinct transactions of this run on the log. */
  readonly recorded: number;
  /** Distinct transactions of this run in PostgreSQL. */
  readonly archived: number;
  /** Accepted, and not on the log. */
  readonly lost: number;
  /** Two records, the archive, or what the caller was told differ. */
  readonly wrong: number;
  /** On the log, and not in PostgreSQL. */
  readonly unarchived: number;
  /** The same record once more on the log: allowed, it counts once. */
  readonly repeated: number;
  /** The caller got an error or no answer, and yet it was decided: sent again, it gets this decision. */
  readonly decidedUnanswered: number;
  /** Answers that were compared with the record. */
  readonly compared: number;
  /** Some of the above, as sentences. */
  readonly named: readonly string[];
}

export interface BookedDecision {
  readonly transactionId: string;
  /** Outcome and score as text. */
  readonly decision: string;
}

/** Remembers every decision of a run: about 30 bytes for each. */
export interface DecisionBook {
  addRecorded(decision: BookedDecision): void;
  addArchived(decision: BookedDecision): void;
  faults(): DecisionFaults;
}

export function createDecisionBook(options: {
  readonly idPrefix: string;
  readonly transactions: number;
  readonly accepted: (number: number) => boolean;
  readonly answers: ReadonlyMap<string, string>;
}): DecisionBook {
  const { idPrefix, transactions, accepted, answers } = options;
  const recorded = new Uint32Array(transactions);
  const archived = new Uint8Array(transactions);
  const counts = { wrong: 0, repeated: 0, compared: 0 };
  const named: string[] = [];
  const name = (sentence: string): void => {
    if (named.length < loadLimits.namedFaults) named.push(sentence);
  };
  const wrong = (sentence: string): void => {
    counts.wrong += 1;
    name(sentence);
  };
  return {
    addRecorded({ transactionId, decision }) {
      const number = numberOf(transactionId, idPrefix);
      if (number === undefined || number >= transactions) return;
      const code = codeOf(decision);
      const before = recorded[number] ?? 0;
      recorded[number] = code;
      if (before === code) counts.repeated += 1;
      else if (before !== 0) wrong(`${transactionId} stands on the log twice, and not alike: ${decision}`);
      const told = answers.get(transactionId);
      if (told === undefined || before !== 0) return;
      counts.compared += 1;
      if (codeOf(told) !== code) wrong(`${transactionId} was answered ${told} and recorded ${decision}`);
    },
    addArchived({ transactionId, decision }) {
      const number = numberOf(transactionId, idPrefix);
      if (number === undefined || number >= transactions) return;
      archived[number] = 1;
      if (recorded[number] !== codeOf(decision)) wrong(`${transactionId} is archived as ${decision}`);
    },
    faults() {
      const sums = { accepted: 0, recorded: 0, archived: 0, lost: 0, unarchived: 0, decidedUnanswered: 0 };
      for (let number = 0; number < transactions; number += 1) {
        const isRecorded = recorded[number] !== 0;
        const isAccepted = accepted(number);
        if (isAccepted) sums.accepted += 1;
        if (isRecorded) sums.recorded += 1;
        if (archived[number] === 1) sums.archived += 1;
        if (isAccepted && !isRecorded) {
          sums.lost += 1;
          name(`${idPrefix}${number} was accepted and is not on the log`);
        }
        if (isRecorded && archived[number] !== 1) {
          sums.unarchived += 1;
          name(`${idPrefix}${number} is on the log and not in PostgreSQL`);
        }
        if (isRecorded && !isAccepted) sums.decidedUnanswered += 1;
      }
      return { ...sums, ...counts, named };
    },
  };
}

/** `run-1-42` and `run-1-payment-000000042` → 42; undefined for an id of another run. */
function numberOf(transactionId: string, idPrefix: string): number | undefined {
  if (!transactionId.startsWith(idPrefix)) return undefined;
  const number = Number(transactionId.slice(transactionId.lastIndexOf("-") + 1));
  return Number.isSafeInteger(number) ? number : undefined;
}

/** FNV-1a of the text, never 0: two different decisions are alike once in 4·10⁹. */
function codeOf(decision: string): number {
  const [outcome = "", score = ""] = decision.split(" ");
  // Numbers are written alike before they are compared: PostgreSQL and JSON may differ in 1e-7 and 0.0000001.
  const text = `${outcome} ${score === "null" ? score : String(Number(score))}`;
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0 || 1;
}
