import { expect, test } from "vitest";
import { collectMetrics, type MetricsSource } from "../../src/processes/collect-metrics.ts";

const textOf = (value: number): string => `# HELP a A.\n# TYPE a counter\na ${value}\n`;

/** A process that answers with a count, or says nothing. */
function source(id: number, value: () => number | undefined, collector = collectMetrics()): MetricsSource {
  const own: MetricsSource = {
    id,
    send(message) {
      const count = value();
      if (message.type === "render-metrics" && count !== undefined) {
        queueMicrotask(() => collector.answered(own, message.id, textOf(count)));
      }
    },
  };
  collector.add(own);
  return own;
}

test("the counts of all processes and of the one that asks are one", async () => {
  const collector = collectMetrics();
  source(1, () => 10, collector);
  source(2, () => 20, collector);
  expect(await collector.collect(textOf(5))).toBe(textOf(35));
  expect(await collector.collect(textOf(6))).toBe(textOf(36));
});

test("what a dead process had counted when it was last asked stays: no counter goes back", async () => {
  const collector = collectMetrics();
  source(1, () => 10, collector);
  const dying = source(2, () => 20, collector);
  expect(await collector.collect(textOf(0))).toBe(textOf(30));
  collector.remove(dying);
  expect(await collector.collect(textOf(0))).toBe(textOf(30));
  source(3, () => 1, collector);
  expect(await collector.collect(textOf(0))).toBe(textOf(31));
});

test("one that dies while it is asked keeps nobody waiting", async () => {
  const collector = collectMetrics();
  source(1, () => 10, collector);
  const dying = source(2, () => undefined, collector);
  const collected = collector.collect(textOf(0));
  collector.remove(dying);
  expect(await collected).toBe(textOf(10));
});

test("an answer of one that has ended is not counted twice", async () => {
  const collector = collectMetrics();
  const ended = source(1, () => 10, collector);
  await collector.collect(textOf(0));
  collector.remove(ended);
  collector.answered(ended, 1, textOf(10));
  expect(await collector.collect(textOf(0))).toBe(textOf(10));
});
