import { compileEngagement } from "@tollgate/engagement";
import { engagement } from "@tollgate/engagement-card-payments";
import { systemClock } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { simulationOptions } from "../src/event-source.ts";
import { parseOptions } from "../src/options.ts";
import { paceByRate, paceBySpeed, type Pacing } from "../src/pacing.ts";
import { runStream } from "../src/run-stream.ts";
import type { Sender } from "../src/sender.ts";
import { simulatedEvents } from "../src/simulated-events.ts";
import type { StreamEvent, StreamLabel } from "../src/stream-event.ts";
import { createTally } from "../src/tally.ts";

const compiled = compileEngagement(engagement);
const simulation = { seed: 3, startMs: Date.UTC(2026, 0, 5), customers: 500, idPrefix: "" };

test("every event up to the count is sent once, in order, at no more than the rate", async () => {
  const { events, tally, elapsedMs } = await run({ pacing: paceByRate(4_000), count: 1_000 });
  expect(events.map((event) => event.transactionId)).toEqual(
    Array.from({ length: 1_000 }, (_, index) => `payment-${String(index + 1).padStart(9, "0")}`),
  );
  expect(tally.generated).toBe(1_000);
  expect(elapsedMs).toBeGreaterThan(245);
});

test("a label is sent when the stream's clock has reached it, never before", async () => {
  const { events, labels } = await run({ pacing: paceByRate(1_000_000), count: 15_000 });
  const endMs = events.at(-1)?.atMs ?? 0;
  const due = events.flatMap(({ label }) => (label !== undefined && label.atMs <= endMs ? [label.atMs] : []));
  expect(labels.length).toBe(due.length);
  expect(labels.every(({ sentAtMs, atMs }) => atMs <= sentAtMs)).toBe(true);
});

test("with a speed the stream keeps its own rhythm", () => {
  const pace = paceBySpeed(3_600);
  const at = (atMs: number): StreamEvent => ({ ...blank, atMs });
  expect([pace(at(5_000), 0), pace(at(3_605_000), 1), pace(at(7_205_000), 2)]).toEqual([0, 1_000, 2_000]);
});

test("an event whose time lies in the future of the wall clock waits for it", async () => {
  const startMs = Date.now() + 3_600_000;
  const { events } = await run({
    pacing: paceByRate(1_000),
    durationMs: 100,
    simulation: { ...simulation, startMs },
  });
  expect(events).toEqual([]);
});

test.each([
  ["--rate", "250", "--for", "60s"],
  ["--count", "15000"],
])("the start is chosen so that the last event is not in the future: %j", (...commandLine) => {
  const nowMs = Date.UTC(2026, 5, 1);
  const options = parseOptions([...commandLine, "--customers", "500"]);
  const chosen = simulationOptions(options, compiled, nowMs);
  let left = 15_000;
  let endMs = 0;
  for (const { transaction } of compiled.engagement.simulate(chosen)) {
    endMs = transaction.occurredAtMs;
    left -= 1;
    if (left === 0) break;
  }
  expect(endMs).toBeLessThanOrEqual(nowMs);
  expect(endMs).toBeGreaterThan(nowMs - (nowMs - chosen.startMs) * 0.25);
});

test.each([0, 1, 2, 3, 4, 5, 6])(
  "half a day's run ends by now, whatever the day: day %i of the week",
  (day) => {
    const nowMs = Date.UTC(2026, 10, 22 + day, 10, 30);
    const options = parseOptions(["--count", "3000", "--customers", "4000"]);
    let made = 0;
    for (const { transaction } of compiled.engagement.simulate(simulationOptions(options, compiled, nowMs))) {
      if (transaction.occurredAtMs > nowMs) break;
      made += 1;
    }
    expect(made).toBeGreaterThanOrEqual(3_000);
    expect(made).toBeLessThan(3_800);
  },
);

test("with a speed and a duration the stream starts that much earlier", () => {
  const options = parseOptions(["--speed", "3600", "--for", "60s"]);
  const nowMs = Date.UTC(2026, 5, 1);
  expect(simulationOptions(options, compiled, nowMs).startMs).toBe(nowMs - 3_600 * 60_000);
});

const blank: StreamEvent = {
  atMs: 0,
  transactionId: "",
  key: "",
  body: "",
  fraud: undefined,
  label: undefined,
};

interface Sent {
  readonly events: StreamEvent[];
  readonly labels: (StreamLabel & { readonly sentAtMs: number })[];
  readonly tally: ReturnType<typeof createTally>;
  readonly elapsedMs: number;
}

async function run(options: {
  readonly pacing: Pacing;
  readonly count?: number;
  readonly durationMs?: number;
  readonly simulation?: typeof simulation;
}): Promise<Sent> {
  const tally = createTally();
  const events: StreamEvent[] = [];
  const labels: (StreamLabel & { readonly sentAtMs: number })[] = [];
  const sender: Sender = {
    send: (batch) => void events.push(...batch),
    sendLabels: (batch) => void labels.push(...batch.map((label) => ({ ...label, sentAtMs: tally.clockMs }))),
    room: () => Promise.resolve(),
    idle: () => Promise.resolve(),
    stop: () => Promise.resolve(),
  };
  const startedMs = performance.now();
  await runStream({
    source: simulatedEvents({ compiled, simulation: options.simulation ?? simulation, watch: undefined }),
    pacing: options.pacing,
    waitsForRoom: false,
    durationMs: options.durationMs,
    count: options.count,
    senders: [sender],
    chooseSender: () => sender,
    labelSender: sender,
    clock: systemClock(),
    tally,
    stop: new AbortController().signal,
  });
  return { events, labels, tally, elapsedMs: performance.now() - startedMs };
}
