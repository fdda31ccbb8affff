import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { expect, test } from "vitest";
import { modelCardFiles, parseModelManifest, type ModelManifest } from "../src/index.ts";
import { newModel } from "./support/registry-fixture.ts";

const committed = join(
  import.meta.dirname,
  "../../engagement-card-payments/models/card-payments/v2/manifest.json",
);

const evaluation = {
  window: { transactions: 60_486, frauds: 322, from: "2026-08-18T15:41:15Z" },
  alertBudgetShare: 0.01,
  scorers: {
    trees: {
      averagePrecision: 0.476,
      averagePrecisionInterval: [0.396, 0.554],
      aucRoc: 0.9685,
      atAlertBudget: { recall: 0.571, precision: 0.304, valueDetectionRate: 0.779, ceiling: 1 },
      costPerThousand: 158.8,
    },
    rules: { averagePrecision: 0.026, aucRoc: null },
  },
  importance: { "card@v1:count_1h": 0.2, "transaction:amount": 0.7 },
  notes: ["Fairness by segment is not shown."],
};

test.for([
  { what: "the committed champion", manifest: committedManifest() },
  { what: "a version with its origin", manifest: complete() },
])("the CycloneDX card of $what is valid by CycloneDX's own schema", async ({ manifest }) => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  for (const content of [undefined, bytes(JSON.stringify(evaluation))]) {
    const card = text(modelCardFiles(manifest, content).get("model-card.cdx.json"));
    expect(await validator.validate(card)).toBeNull();
    expect(await validator.validate(card.replace('"supervised"', '"guessed"'))).not.toBeNull();
  }
});

test("the card for people says what it reaches, beside what, and what it was made from", () => {
  const card = text(modelCardFiles(complete(), bytes(JSON.stringify(evaluation))).get("model-card.md"));
  expect(card).toContain("# Model card: card-payments@v1");
  expect(card).toContain("| trees | 0.476 [0.396, 0.554] | 0.9685 | 0.571 | 0.304 | 0.779 | 158.8 |");
  expect(card).toContain("| rules | 0.026 | – | – | – | – | – |");
  expect(card).toContain("- Fairness by segment is not shown.");
  expect(card).toContain(
    `| training code | commit \`${"ab".repeat(20)}\`, with changes that were not committed |`,
  );
  expect(card.indexOf("transaction:amount")).toBeLessThan(card.indexOf("card@v1:count_1h"));
});

test("the same manifest and evaluation give the same bytes", () => {
  const [first, second] = [1, 2].map(() => modelCardFiles(complete(), bytes(JSON.stringify(evaluation))));
  expect(first).toEqual(second);
});

test("a file that is no evaluation is refused", () => {
  expect(() => modelCardFiles(complete(), bytes("{}"))).toThrow("evaluation.json is no evaluation");
});

function complete(): ModelManifest {
  return {
    ...newModel().manifest,
    schema: "tollgate.model.v1",
    version: 1,
    file: "model.onnx",
    sha256: "0".repeat(64),
    provenance: {
      trainingData: {
        sha256: "1".repeat(64),
        rows: 24_000,
        from: "2026-06-01T00:00:00Z",
        until: "2026-09-01T00:00:00Z",
      },
      code: { commit: "ab".repeat(20), changed: true, featureCode: "2".repeat(64) },
      configuration: { seed: 7, customers: 400 },
      environment: { lock: "3".repeat(64), node: "v24.21.0" },
    },
  };
}

function committedManifest(): ModelManifest {
  const parsed = parseModelManifest(JSON.parse(readFileSync(committed, "utf8")));
  if (!parsed.ok) throw new Error("the committed manifest does not parse");
  return parsed.value;
}

function bytes(content: string): Uint8Array {
  return new TextEncoder().encode(content);
}

function text(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content);
}
