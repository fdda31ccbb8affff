/** What the demo shows of one decision or label. */
export interface TalliedDecision {
  readonly transactionId: string;
  readonly outcome: "approve" | "review" | "decline";
  readonly amountText: string;
  readonly score: number | null;
  readonly reasons: readonly string[];
}

export interface TalliedLabel {
  readonly transactionId: string;
  readonly fraud: boolean;
}

/** What has been seen on the decision log and the label topic so far. */
export interface DecisionTally {
  addDecision(decision: TalliedDecision): void;
  addLabel(label: TalliedLabel): void;
  /** Distinct transactions that have a decision. */
  readonly decided: number;
  /** Records on the log beyond the first for a transaction. */
  readonly repeated: number;
  readonly approved: number;
  readonly reviewed: number;
  readonly declined: number;
  /** Of the transactions labelled as fraud: those that were reviewed or declined, and those approved. */
  readonly fraudCaught: number;
  readonly fraudMissed: number;
  /** Honest by label, and yet declined. */
  readonly honestDeclined: number;
  readonly alerts: readonly TalliedDecision[];
}

const outcomeCodes = { approve: 1, review: 2, decline: 3 } as const;

/**
 * Remembers one byte for each transaction, at the number that ends its id: exact counts of distinct
 * transactions in bounded memory (1 MB for a million).
 */
export function createDecisionTally(options: {
  /** Begins every id of the stream; what a person sends beside it is shown, not counted. */
  readonly idPrefix: string;
  readonly alertsKept: number;
}): DecisionTally {
  const { idPrefix, alertsKept } = options;
  let outcomes = new Uint8Array(1 << 16);
  const counts = [0, 0, 0, 0];
  const early = new Map<number, boolean>();
  const alerts: TalliedDecision[] = [];
  const tally = { repeated: 0, fraudCaught: 0, fraudMissed: 0, honestDeclined: 0 };

  return {
    addDecision(decision) {
      if (!decision.transactionId.startsWith(idPrefix)) {
        show(decision, alerts, alertsKept);
        return;
      }
      const position = sequenceOf(decision.transactionId);
      if (position >= outcomes.length) outcomes = grown(outcomes, position);
      if (outcomes[position] !== 0) {
        tally.repeated += 1;
        return;
      }
      const code = outcomeCodes[decision.outcome];
      outcomes[position] = code;
      counts[code] = (counts[code] ?? 0) + 1;
      if (code !== outcomeCodes.approve) show(decision, alerts, alertsKept);
      const fraud = early.get(position);
      if (fraud === undefined) return;
      early.delete(position);
      judge(tally, code, fraud);
    },
    addLabel({ transactionId, fraud }) {
      if (!transactionId.startsWith(idPrefix)) return;
      const position = sequenceOf(transactionId);
      const code = outcomes[position] ?? 0;
      if (code === 0) early.set(position, fraud);
      else judge(tally, code, fraud);
    },
    get decided() {
      return this.approved + this.reviewed + this.declined;
    },
    get approved() {
      return counts[outcomeCodes.approve] ?? 0;
    },
    get reviewed() {
      return counts[outcomeCodes.review] ?? 0;
    },
    get declined() {
      return counts[outcomeCodes.decline] ?? 0;
    },
    get repeated() {
      return tally.repeated;
    },
    get fraudCaught() {
      return tally.fraudCaught;
    },
    get fraudMissed() {
      return tally.fraudMissed;
    },
    get honestDeclined() {
      return tally.honestDeclined;
    },
    alerts,
  };
}

function judge(
  tally: { fraudCaught: number; fraudMissed: number; honestDeclined: number },
  code: number,
  fraud: boolean,
): void {
  if (fraud && code >= outcomeCodes.review) tally.fraudCaught += 1;
  if (fraud && code === outcomeCodes.approve) tally.fraudMissed += 1;
  if (!fraud && code === outcomeCodes.decline) tally.honestDeclined += 1;
}

function show(decision: TalliedDecision, alerts: TalliedDecision[], kept: number): void {
  alerts.unshift(decision);
  alerts.length = Math.min(alerts.length, kept);
}

/** The simulator numbers its transactions: `…payment-000000042` → 42. */
function sequenceOf(transactionId: string): number {
  const number = Number(transactionId.slice(transactionId.lastIndexOf("-") + 1));
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`no number ends the id ${transactionId}`);
  return number;
}

function grown(outcomes: Uint8Array<ArrayBuffer>, position: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(outcomes.length * 2, position + 1));
  larger.set(outcomes);
  return larger;
}
