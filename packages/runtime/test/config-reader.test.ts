import { expect, test } from "vitest";
import { ConfigError, configReader } from "../src/index.ts";

test("settings are read, and defaults stand in for those that are unset or empty", () => {
  const reader = configReader({ NAME: "x", PORT: "8080", EMPTY: "", FLAG: "true" });
  expect(reader.string("NAME")).toBe("x");
  expect(reader.string("EMPTY", "default")).toBe("default");
  expect(reader.integer("PORT", { min: 0, max: 65_535 })).toBe(8080);
  expect(reader.integer("OTHER", { default: 3, min: 0, max: 9 })).toBe(3);
  expect(reader.oneOf("LEVEL", { default: "info", values: ["info", "warn"] })).toBe("info");
  expect(reader.boolean("FLAG", false)).toBe(true);
  expect(reader.optional("EMPTY")).toBeUndefined();
  expect(() => reader.finish()).not.toThrow();
});

test("all faults are named at once, each with its setting and what is allowed", () => {
  const reader = configReader({ PORT: "80.5", LEVEL: "loud", FLAG: "1" });
  reader.string("NAME");
  reader.integer("PORT", { min: 1, max: 10 });
  reader.oneOf("LEVEL", { default: "info", values: ["info", "warn"] });
  reader.boolean("FLAG", false);
  let faults: readonly string[] = [];
  try {
    reader.finish();
  } catch (error) {
    faults = error instanceof ConfigError ? error.faults : [];
  }
  expect(faults).toEqual([
    "NAME is not set",
    'PORT is "80.5": it must be a whole number from 1 to 10',
    'LEVEL is "loud": it must be one of info, warn',
    'FLAG is "1": it must be true or false',
  ]);
});
