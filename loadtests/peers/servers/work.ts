import { InferenceSession, Tensor } from "onnxruntime-node";

/** The common work of the Node peers: the same as in `python/work.py`. */
export interface PeerTransaction {
  readonly id: string;
  readonly occurredAt: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly cardId: string;
  readonly merchantId: string;
  readonly merchantCategoryCode: string;
  readonly terminalId: string;
  readonly channel: string;
  readonly entryMode: string;
  readonly country: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

export interface PeerAnswer {
  readonly transactionId: string;
  readonly score: number;
  readonly decision: "approve" | "decline";
  readonly model: { readonly name: string; readonly version: number };
}

const requestFeatures = 13;
const rowFeatures = 16;
const features: number = requestFeatures + 2 * rowFeatures;

export function openSession(path: string): Promise<InferenceSession> {
  return InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 });
}

export function keysOf(transaction: PeerTransaction): [string, string] {
  return [`peer:card:${transaction.cardId}`, `peer:merchant:${transaction.merchantId}`];
}

/** One transaction through the model. */
export async function scoreOne(
  session: InferenceSession,
  transaction: PeerTransaction,
  rows: readonly [Buffer | null, Buffer | null],
): Promise<PeerAnswer> {
  const input = new Tensor("float32", rowOf(transaction, ...rows), [1, features]);
  const output = await session.run({ features: input }, ["probabilities"]);
  const score = Number(output["probabilities"]?.data[0]);
  return {
    transactionId: transaction.id,
    score,
    decision: score > 0.5 ? "decline" : "approve",
    model: { name: "card-payments", version: 1 },
  };
}

export function isTransaction(body: unknown): body is PeerTransaction {
  if (typeof body !== "object" || body === null) return false;
  const { amountMinor, cardId, merchantId } = body as Readonly<Record<string, unknown>>;
  return Number.isInteger(amountMinor) && typeof cardId === "string" && typeof merchantId === "string";
}

function rowOf(transaction: PeerTransaction, card: Buffer | null, merchant: Buffer | null): Float32Array {
  const amount = transaction.amountMinor / 100;
  const row = new Float32Array(features);
  row[0] = amount;
  row[1] = Math.log1p(amount);
  row[2] = Number(transaction.occurredAt.slice(11, 13));
  row[3] = Number(transaction.merchantCategoryCode);
  row[4] = transaction.channel === "card-present" ? 1 : 0;
  row[5] = transaction.latitude ?? 0;
  row[6] = transaction.longitude ?? 0;
  row[7] = card === null ? 0 : 1;
  row[8] = merchant === null ? 0 : 1;
  row[9] = transaction.country.length;
  row[10] = transaction.currency.length;
  row[11] = transaction.entryMode.length;
  row[12] = transaction.terminalId.length;
  if (card !== null) row.set(floatsOf(card), requestFeatures);
  if (merchant !== null) row.set(floatsOf(merchant), requestFeatures + rowFeatures);
  return row;
}

/** A copy: what Redis' client hands out need not lie on a multiple of four. */
function floatsOf(bytes: Buffer): Float32Array {
  const end = bytes.byteOffset + 4 * rowFeatures;
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, end) as ArrayBuffer);
}
