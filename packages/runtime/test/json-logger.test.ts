import { expect, expectTypeOf, test } from "vitest";
import {
  jsonLogger,
  logEvents,
  silentLogger,
  type LeveledLogger,
  type EventAt,
  type LogEvent,
  type LogEventDefinition,
  type LogFieldsOf,
  type Logger,
} from "../src/index.ts";

const card = "tok_4f9a2c7e";
const clientAddress = "203.0.113.77";
const clientAddress6 = "2001:db8::8a2e:370:7334";
const apiKey = `tollgate_${"aB3-_".repeat(9).slice(0, 43)}`;
const cardNumber = "4111 1111 1111 1111";
const secrets = [card, clientAddress, clientAddress6, apiKey, cardNumber];

/** What an error says that quotes what it got. */
const telling =
  `no decision on {"cardId":"${card}","ipAddress":"${clientAddress}"} from ${clientAddress}:51234, ` +
  `[${clientAddress6}]:443; Authorization: Bearer ${apiKey}; pan ${cardNumber}; ` +
  `tollgate:1f3a9c07:g1:state:card:{${card}} redis://user:${apiKey}@cache:6379 ` +
  `\\"cardId\\": \\"${card}\\" card_id=${card}`;

type Level = "debug" | "info" | "warn" | "error";
const levels: readonly Level[] = ["debug", "info", "warn", "error"];

test("no card token, address or key is written, whatever log path and field it comes in by", () => {
  for (const readable of [false, true]) {
    for (const level of levels) {
      for (const [where, fields] of Object.entries(fieldsWithSecrets())) {
        const { logger, lines } = recordingLogger({ level: "debug", readable });
        untyped(logger)[level]("redis-away", fields);
        expect(lines, `${level} ${where}`).toHaveLength(1);
        for (const secret of secrets) expect(lines[0], `${level} ${where}`).not.toContain(secret);
        expect(lines[0]).toContain("[redacted]");
      }
    }
  }
});

function fieldsWithSecrets(): Readonly<Record<string, object>> {
  const error = new Error(telling, { cause: new Error(telling) });
  return {
    message: { message: telling },
    stack: { stack: error.stack },
    error: { error },
    nested: { request: { body: [{ cardId: card, deep: { ip: clientAddress, note: telling } }] } },
    names: { card_id: card, "x-forwarded-for": clientAddress6, apiKey, headers: { authorization: apiKey } },
    keys: { byCard: { [`state:card:{${card}}`]: 1 } },
    map: { states: new Map([["cardId", { cardId: card }]]), ["message"]: telling },
    own: { error: Object.assign(new Error("failed"), { command: { args: [telling] }, cardId: card }) },
    context: { transactionId: `tx {cardId: '${card}'} ${clientAddress}`, traceId: apiKey },
  };
}

test("a token is not written in running text either, whatever stands before it", () => {
  const { logger, lines } = recordingLogger();
  const tokens = ["card-000042", "card-17-2", "customer-000017", card];
  const message = tokens.map((token) => `no state of ${token}, demo-${token}; (${token})`).join(" ");
  logger.warn("redis-away", { message: `${message} of card-payments@v1 at card@v1:count_1h` });
  for (const token of tokens) expect(lines[0]).not.toContain(token);
  expect(lines[0]).toContain("of card-payments@v1 at card@v1:count_1h");
});

test("what an operator needs stays: ids, offsets, times, loopback, versions, ports", () => {
  const { logger, lines } = recordingLogger();
  const kept =
    "connect ECONNREFUSED 127.0.0.1:6379 [::1]:9092 0.0.0.0 at 12:30:45 kafka-2:9092 Kafka 4.1.0.1a " +
    "decision on tx-1763843188123 offset 1763843188123 key: not found at node:internal/net.js:10:5";
  logger.warn("redis-away", { message: kept, transactionId: "sim-000123", traceId: "a".repeat(32) });
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "warn",
    service: "test",
    event: "redis-away",
    message: kept,
    transactionId: "sim-000123",
    traceId: "a".repeat(32),
  });
});

test("the level can be changed while the logger is used", () => {
  const { logger, lines } = recordingLogger();
  const archived = { table: "decisions", partition: 0, written: 1, micros: 5 };
  logger.debug("records-archived", archived);
  expect(logger.debugging).toBe(false);
  logger.level = "debug";
  expect(logger.debugging).toBe(true);
  logger.debug("records-archived", archived);
  logger.level = "error";
  logger.warn("redis-away", { message: "gone" });
  expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).toEqual(["debug"]);
});

test("a line for a person holds time of day, level, service, event and fields", () => {
  const { logger, lines } = recordingLogger({ readable: true });
  logger.info("event-log-up", { outboxPending: 3 });
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}test event-log-up outboxPending=3\n$/u);
});

test("a circle in a field ends where nothing deeper is written", () => {
  const { logger, lines } = recordingLogger();
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  untyped(logger).info("redis-away", circle);
  expect(lines[0]).toContain("[redacted]");
});

test("an event takes only its own fields, at its own level", () => {
  const logger: Logger = silentLogger();
  expectTypeOf(logger.warn<"redis-away">)
    .parameter(1)
    .toExtend<{ readonly message: string }>();
  expectTypeOf<{}>().not.toExtend<LogFieldsOf<"redis-away">>();
  expectTypeOf<"redis-away">().toExtend<EventAt<"warn">>();
  expectTypeOf<"redis-away">().not.toExtend<EventAt<"info">>();
  expectTypeOf<"redis-gone">().not.toExtend<LogEvent>();
  for (const definition of Object.values<LogEventDefinition>(logEvents)) {
    expect(definition.meaning).toMatch(/\.$/u);
  }
});

function recordingLogger(options: { readonly level?: Level; readonly readable?: boolean } = {}): {
  readonly logger: LeveledLogger;
  readonly lines: readonly string[];
} {
  const lines: string[] = [];
  return { logger: jsonLogger("test", { ...options, write: (line) => void lines.push(line) }), lines };
}

/** As JavaScript, or a mistaken cast, would call it. */
function untyped(logger: LeveledLogger): Record<Level, (event: string, fields: object) => void> {
  return logger as unknown as Record<Level, (event: string, fields: object) => void>;
}
