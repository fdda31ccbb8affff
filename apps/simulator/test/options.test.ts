import { expect, test } from "vitest";
import { parseOptions } from "../src/options.ts";

test("without options a simulation goes to Kafka, its labels too", () => {
  expect(parseOptions([])).toMatchObject({
    kafka: true,
    http: false,
    labels: "kafka",
    seed: 1,
    customers: 20_000,
  });
});

test("with both ways a tenth of the cards goes by HTTP", () => {
  expect(parseOptions(["--kafka", "--http"])).toMatchObject({ kafka: true, http: true, split: 0.1 });
});

test("times take their unit", () => {
  expect(parseOptions(["--for", "90"]).durationMs).toBe(90_000);
  expect(parseOptions(["--for", "500ms"]).durationMs).toBe(500);
  expect(parseOptions(["--for", "1.5h"]).durationMs).toBe(5_400_000);
  expect(parseOptions([]).warmUpMs).toBe(0);
  expect(parseOptions(["--warm-up", "5s"]).warmUpMs).toBe(5_000);
});

test.each([
  [["--rate", "fast"], '--rate is "fast": it must be a number from 0.001 to 1000000'],
  [["--rate", ""], '--rate is "": it must be a number'],
  [["--rate", "1", "--speed", "2"], "--rate and --speed determine each other"],
  [["--for", "soon"], '--for is "soon": it must be a time such as 500ms, 60s, 10m or 2h'],
  [["--count", "1.5"], "it must be a whole number from 1"],
  [["--labels", "pigeon"], '--labels is "pigeon": it must be one of kafka, http, none'],
  [["--dataset", "handbook"], "--dataset needs --file"],
  [["--dry-run", "--http"], "--dry-run sends nothing"],
  [["--id-prefix", "a b"], '--id-prefix is "a b"'],
  [["--start", "today"], '--start is "today"'],
  [["--speeed", "1"], "Unknown option '--speeed'; the options are --rate, --speed, --for"],
  [["stray"], "the options are --rate"],
])("a wrong option is answered with one sentence: %j", (commandLine, message) => {
  expect(() => parseOptions(commandLine)).toThrow(message);
});
