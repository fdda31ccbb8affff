import { isLabelledTransaction, type DecisionRecord, type LabelledTransaction } from "@tollgate/contracts";
import { decodeJsonValue } from "@tollgate/event-log";

/** What a rebuild needs of a decision. */
export interface CountedDecision {
  readonly transactionId: string;
  readonly partitionKey: string;
  /** RFC 3339, as `toISOString` writes it: compares as text. */
  readonly decidedAt: string;
  readonly generation: number;
  readonly layout?: string | undefined;
  /** Of the transactional entity alone. */
  readonly statesRead: readonly { readonly entity: string; readonly version: number }[];
  readonly transaction: unknown;
}

/** How the platform's own record begins: `JSON.stringify` keeps the order in which the record is made. */
const head = '{"schema":"tollgate.decision.v1","transactionId":"';
const partitionKeyField = '","partitionKey":"';
const sourceField = '","source":"';
const decidedAtField = ',"decidedAt":"';
const decidedAtLength = "2026-01-01T00:00:00.000Z".length;
const statesReadField = ',"statesRead":[';
const versionField = ',"version":';
const generationField = '],"generation":';
/** Only in records of builds that name it. */
const layoutField = ',"layout":"';
const vectorField = ',"vector":"';
const stagesField = '","stageMicros":';
const transactionField = ',"transaction":';

/**
 * Reads decisions from the log's bytes; undefined for what is none. Of the platform's own record only what is
 * needed is parsed (a third of its bytes); any other is parsed whole. A field's name in quotes cannot stand
 * inside a JSON string, where quotes are escaped.
 * @param entity name of the transactional entity.
 */
export function decisionReader(entity: string): (value: Buffer | null) => CountedDecision | undefined {
  const entityField = `{"entity":${JSON.stringify(entity)},`;
  return (value) => {
    if (value === null) return undefined;
    return ownDecision(value.toString("utf8"), { entity, entityField }) ?? readWholeDecision(value);
  };
}

function ownDecision(
  text: string,
  { entity, entityField }: { readonly entity: string; readonly entityField: string },
): CountedDecision | undefined {
  if (!text.startsWith(head) || !text.endsWith("}}") || text.includes("\uFFFD")) return undefined;
  const partitionKey = text.indexOf(partitionKeyField, head.length);
  const source = text.indexOf(sourceField, partitionKey + 1);
  const decidedAt = text.indexOf(decidedAtField, source + 1);
  const states = text.indexOf(statesReadField, decidedAt + 1);
  const own = text.indexOf(entityField, states + 1);
  const version = text.indexOf(versionField, own + 1);
  const generation = text.indexOf(generationField, version + 1);
  const vector = text.indexOf(vectorField, generation + 1);
  const stages = text.indexOf(stagesField, vector + 1);
  const transaction = text.indexOf(transactionField, stages + 1);
  const inOrder =
    head.length < partitionKey &&
    partitionKey < source &&
    source < decidedAt &&
    decidedAt < states &&
    states < own &&
    own < version &&
    version < generation &&
    generation < vector &&
    vector < stages &&
    stages < transaction;
  if (!inOrder) return undefined;
  const decidedAtText = decidedAt + decidedAtField.length;
  const counted = text.slice(generation + generationField.length, vector).split(layoutField);
  try {
    return {
      transactionId: text.slice(head.length, partitionKey),
      partitionKey: unescaped(text.slice(partitionKey + partitionKeyField.length, source)),
      decidedAt: text.slice(decidedAtText, decidedAtText + decidedAtLength),
      generation: Number(counted[0]),
      layout: counted[1]?.slice(0, -1),
      statesRead: [
        { entity, version: Number.parseInt(text.slice(version + versionField.length, generation), 10) },
      ],
      transaction: JSON.parse(text.slice(transaction + transactionField.length, -1)) as unknown,
    };
  } catch {
    return undefined;
  }
}

/** Of a JSON string what stands between its quotes. */
function unescaped(text: string): string {
  return text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
}

/** The whole record; undefined when it is none. */
export function readWholeDecision(value: Buffer | null): DecisionRecord | undefined {
  const decoded = decodeJsonValue(value);
  return decoded.ok && isDecision(decoded.value) ? decoded.value : undefined;
}

/** A labelled transaction; undefined when it is none. */
export function readLabelled(value: Buffer | null): LabelledTransaction | undefined {
  const decoded = decodeJsonValue(value);
  return decoded.ok && isLabelledTransaction(decoded.value) ? decoded.value : undefined;
}

function isDecision(value: unknown): value is DecisionRecord {
  return (
    typeof value === "object" &&
    value !== null &&
    (value as { readonly schema?: unknown }).schema === "tollgate.decision.v1"
  );
}
