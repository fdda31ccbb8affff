import { existsSync } from "node:fs";
import { zstdDecompressSync } from "node:zlib";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type Compressors } from "hyparquet";
import { expect, test } from "vitest";
import { handbookPublishedFeatures } from "../src/handbook-features.ts";
import { engagement } from "../src/index.ts";
import { handbookFile } from "./config.ts";
import { handbookEngine, type Sample } from "./handbook-engine.ts";

const dayMs = 24 * 3_600_000;
const rowsAtOnce = 50_000;
/** 1.3 million rows: half a minute on an idle machine. */
const patienceMs = 1_800_000;
const compressors: Compressors = { ZSTD: (input) => new Uint8Array(zstdDecompressSync(input)) };

/** The file's payments in its order, which is that of time. */
async function* payments(path: string): AsyncGenerator<Sample> {
  const dataset = engagement.datasets.find(({ name }) => name === "handbook");
  if (dataset === undefined) throw new Error("no importer");
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const rowCount = Number(metadata.num_rows);
  const columns = [...dataset.columns];
  for (let rowStart = 0; rowStart < rowCount; rowStart += rowsAtOnce) {
    const rowEnd = Math.min(rowCount, rowStart + rowsAtOnce);
    const rows = await parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, compressors });
    for (const [position, row] of rows.entries()) {
      const { transaction, fraud } = dataset.toTransaction(row, rowStart + position);
      yield { payment: engagement.transaction.fromWire(transaction), fraud: fraud === true };
    }
  }
}

/**
 * All that one customer or terminal has paid so far, with running totals. The totals until an age are found
 * by a place that only moves on, as the file is in the order of time.
 */
class History {
  readonly #timesMs: number[] = [];
  readonly #totals: number[] = [0];
  readonly #places: number[];
  readonly #agesMs: readonly number[];
  constructor(agesMs: readonly number[]) {
    this.#agesMs = agesMs;
    this.#places = agesMs.map(() => 0);
  }
  add(atMs: number, value: number): void {
    this.#timesMs.push(atMs);
    this.#totals.push((this.#totals.at(-1) ?? 0) + value);
  }
  /** How many, and their total, after one age and until another: positions among the ages. */
  between(nowMs: number, from: number, until: number): { readonly count: number; readonly total: number } {
    const [first, last] = [this.#placeOf(nowMs, from), this.#placeOf(nowMs, until)];
    return { count: last - first, total: (this.#totals[last] ?? 0) - (this.#totals[first] ?? 0) };
  }
  #placeOf(nowMs: number, age: number): number {
    const untilMs = nowMs - (this.#agesMs[age] ?? 0);
    let place = this.#places[age] ?? 0;
    while ((this.#timesMs[place] ?? Number.POSITIVE_INFINITY) <= untilMs) place += 1;
    this.#places[age] = place;
    return place;
  }
}

/** The 15 features by the Handbook's own words (chapter 3, baseline feature transformation). */
function handbookWords(): (sample: Sample) => readonly number[] {
  const customers = new Map<string, History>();
  const terminals = new Map<string, History>();
  const customerAges = [0, 1, 7, 30].map((days) => days * dayMs);
  const terminalAges = [7, 8, 14, 37].map((days) => days * dayMs);
  return ({ payment, fraud }) => {
    const { occurredAtMs: nowMs, amountMinor, cardId, terminalId } = payment;
    const customer = customers.get(cardId) ?? new History(customerAges);
    const terminal = terminals.get(terminalId) ?? new History(terminalAges);
    customers.set(cardId, customer);
    terminals.set(terminalId, terminal);
    customer.add(nowMs, amountMinor);
    terminal.add(nowMs, fraud ? 1 : 0);
    const time = new Date(nowMs);
    const spending = [1, 2, 3].flatMap((window) => {
      const { count, total } = customer.between(nowMs, window, 0);
      return [count, total / 100 / count];
    });
    const risk = [1, 2, 3].flatMap((window) => {
      const { count, total } = terminal.between(nowMs, window, 0);
      return [count, count === 0 ? 0 : total / count];
    });
    const isWeekend = time.getUTCDay() % 6 === 0;
    return [amountMinor / 100, isWeekend ? 1 : 0, time.getUTCHours() <= 6 ? 1 : 0, ...spending, ...risk];
  };
}

test(
  "on the Handbook's own file all 15 published features are exactly equal to their definitions",
  { timeout: patienceMs },
  async ({ skip }) => {
    const path = handbookFile();
    skip(!existsSync(path), `there is no ${path}; set TOLLGATE_SHARED_DATA to its folder`);
    const byEngine = handbookEngine();
    const byWords = handbookWords();
    const different = Array.from({ length: handbookPublishedFeatures }, () => 0);
    let rows = 0;
    for await (const sample of payments(path)) {
      const vector = byEngine(sample);
      for (const [column, value] of byWords(sample).entries()) {
        if (vector[column] !== Math.fround(value)) different[column] = (different[column] ?? 0) + 1;
      }
      rows += 1;
    }
    expect(rows).toBeGreaterThan(1_000_000);
    expect(different).toEqual(different.map(() => 0));
  },
);
