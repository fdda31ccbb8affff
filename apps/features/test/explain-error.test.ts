import { expect, test } from "vitest";
import { explainError } from "../src/explain-error.ts";
import { FeaturesError } from "../src/features-error.ts";

test("a service that is away is named, with the setting to look at; a defect keeps its stack", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:5432"), { code: "ECONNREFUSED" });
  const kafka = Object.assign(new Error("Connection error"), { name: "KafkaJSNumberOfRetriesExceeded" });
  expect(explainError(refused)).toContain("TOLLGATE_POSTGRES_URL");
  expect(explainError(kafka)).toContain("TOLLGATE_KAFKA_BROKERS");
  expect(explainError(new FeaturesError("--out is missing"))).toBe("--out is missing");
  expect(explainError(new TypeError("undefined is not a function"))).toBeUndefined();
});
