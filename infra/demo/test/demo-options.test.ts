import { expect, test } from "vitest";
import { parseDemoOptions } from "../src/demo-options.ts";

test("a time may be given in seconds or minutes; without one the demo has no end", () => {
  expect(parseDemoOptions(["--for", "60s"]).forSeconds).toBe(60);
  expect(parseDemoOptions(["--for", "2m"]).forSeconds).toBe(120);
  expect(parseDemoOptions([]).forSeconds).toBeUndefined();
});

test("the drift monitor runs unless it is told not to", () => {
  expect(parseDemoOptions([]).driftMonitor).toBe(true);
  expect(parseDemoOptions(["--no-drift"]).driftMonitor).toBe(false);
});

test("exporters run only where they are asked for: they cost processor time", () => {
  expect(parseDemoOptions([]).exporters).toBe(false);
  expect(parseDemoOptions(["--exporters"]).exporters).toBe(true);
});

test("an option that is not usable is named, with what is allowed and the usage", () => {
  expect(() => parseDemoOptions(["--for", "soon"])).toThrow(/--for is "soon": .* 5s to 1440m\nusage:/u);
  expect(() => parseDemoOptions(["--rate", ""])).toThrow(/--rate is "": .* from 1 to 10000/u);
  expect(() => parseDemoOptions(["--http-share", "2"])).toThrow("from 0 to 1");
  expect(() => parseDemoOptions(["--speed", "1"])).toThrow(/Unknown option '--speed'[^]*usage:/u);
});
