import { beforeAll, expect, test } from "vitest";
import {
  buildReferenceProfile,
  parseReferenceProfile,
  segmentNames,
  serialiseReferenceProfile,
  watchableAttributes,
  type ReferenceProfile,
} from "../src/index.ts";
import { payments, shopProfile, startMs, thresholds } from "./support/shop.ts";

let profile: ReferenceProfile;

/** Null tables are drawn: seconds on a busy machine. */
const setUpMs = 120_000;

beforeAll(() => {
  profile = shopProfile();
}, setUpMs);

test("the same rows give the same profile, byte for byte, and it survives its file", () => {
  const text = serialiseReferenceProfile(profile);
  expect(serialiseReferenceProfile(shopProfile())).toBe(text);
  const parsed = parseReferenceProfile(JSON.parse(text));
  expect(parsed.ok && parsed.value).toEqual(profile);
});

test("it holds what the rows were: counts, missing values, outcomes, frauds, segments, delays", () => {
  const [amount, , gap] = profile.features;
  const sum = (counts: readonly number[] | undefined): number => (counts ?? []).reduce((a, b) => a + b, 0);
  expect(sum(amount?.counts)).toBe(profile.rows);
  expect((gap?.counts.at(-1) ?? 0) / profile.rows).toBeCloseTo(0.1, 1);
  expect(sum(profile.outcomes)).toBe(profile.rows);
  expect(sum(profile.fraudScores) / profile.rows).toBeCloseTo(0.02, 2);
  expect(sum(profile.labelDelays.customer)).toBe(sum(profile.fraudScores));
  expect(segmentNames(profile)).toEqual(["all", "channel=present", "channel=online"]);
  expect(Object.keys(profile.dispersion)).toEqual(["day", "week"]);
  expect(profile.trending).toEqual([]);
});

test("the score's bins begin at the thresholds, so that decision rates are exact", () => {
  expect(profile.score.bins.edges).toContain(thresholds.review);
  expect(profile.score.bins.edges).toContain(thresholds.decline);
  const { probabilities } = profile.score.calibration ?? { probabilities: [] };
  expect(probabilities.toSorted((a, b) => a - b)).toEqual(probabilities);
});

test("a feature that grows all through the reference is known to grow", () => {
  const rows = [...payments({ seed: 3, fromMs: startMs, days: 28, perDay: 300 })].map((row) => {
    const age = Math.fround((row.occurredAtMs - startMs) / 3_600_000 + (row.vector[0] ?? 0));
    return { ...row, vector: Float32Array.of(row.vector[0] ?? 0, age) };
  });
  const grown = buildReferenceProfile({
    model: { name: "shop", version: 1 },
    featureSet: {
      hash: "x",
      features: ["amount", "age"].map((name) => ({ name, unit: "", missingValue: -1 })),
    },
    attributes: [],
    thresholds,
    rows,
  });
  expect(grown.trending).toEqual(["age"]);
});

test("too few rows, and rows without a score, are refused with what to do", () => {
  const of = (rows: Parameters<typeof buildReferenceProfile>[0]["rows"]): ReferenceProfile =>
    buildReferenceProfile({
      model: { name: "shop", version: 1 },
      featureSet: { hash: "x", features: [] },
      attributes: [],
      thresholds,
      rows,
    });
  expect(() => of([])).toThrow("there are 0 rows, 1000 are needed");
  const scoreless = [...payments({ seed: 1, fromMs: startMs, days: 4, perDay: 300 })];
  expect(() => of(scoreless.map((row) => ({ ...row, score: null })))).toThrow("no row has a score");
});

test("every fault of a damaged file is named with its path", () => {
  const faultsOf = (change: (copy: Record<string, never>) => void): readonly string[] => {
    const copy = JSON.parse(JSON.stringify(profile)) as Record<string, never>;
    change(copy);
    const parsed = parseReferenceProfile(copy);
    return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path} ${message}`);
  };
  expect(faultsOf((copy) => Object.assign(copy, { schema: "v0", rows: -1, extra: 1 }))).toEqual([
    "/extra is not known",
    "/schema must be tollgate.reference.v1",
    "/rows must be a whole number from 0 on",
  ]);
  expect(faultsOf((copy) => Object.assign(copy, { features: "none" }))).toEqual(["/features must be a list"]);
  const first = (copy: Record<string, never>): { counts: number[]; bins: { edges: number[] } } =>
    (copy["features"] as unknown as { counts: number[]; bins: { edges: number[] } }[])[0] ?? {
      counts: [],
      bins: { edges: [] },
    };
  expect(faultsOf((copy) => first(copy).counts.pop())[0]).toMatch(/^\/features\/0\/counts has \d+ entries/u);
  expect(faultsOf((copy) => first(copy).bins.edges.unshift(first(copy).bins.edges.pop() ?? 0))).toEqual([
    "/features/0/bins/edges must ascend",
  ]);
  for (const nothing of [null, 3, "x", []]) {
    expect(parseReferenceProfile(nothing)).toMatchObject({ ok: false, faults: [{ path: "" }] });
  }
});

test("fields of few values are watched, identifiers and times are not", () => {
  const sample = Array.from({ length: 1_000 }, (_, index) => ({
    id: `payment-${index}`,
    occurredAt: new Date(startMs + index).toISOString(),
    country: ["DE", "FR"][index % 2],
    amountMinor: index,
  }));
  expect(watchableAttributes(sample)).toEqual(["country"]);
});
