import { expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";

const least = { TOLLGATE_POSTGRES_URL: "postgres://localhost/ledger" };

test("the settings have defaults, except where PostgreSQL is", () => {
  expect(loadConfig(least)).toMatchObject({
    brokers: ["127.0.0.1:9092"],
    latenessMs: 900_000,
    api: { host: "127.0.0.1", port: 8_082, key: undefined },
    webhook: undefined,
  });
  expect(() => loadConfig({})).toThrow("TOLLGATE_POSTGRES_URL is not set");
});

test("a webhook needs a secret, and https beyond this machine", () => {
  const webhook = (url: string): Record<string, string> => ({ ...least, TOLLGATE_DRIFT_WEBHOOK_URL: url });
  expect(() => loadConfig(webhook("https://alerts.example/x"))).toThrow("SECRET must have at least 16");
  const secret = { TOLLGATE_DRIFT_WEBHOOK_SECRET: "s".repeat(16) };
  expect(() => loadConfig({ ...webhook("http://alerts.example/x"), ...secret })).toThrow("must be https");
  expect(() => loadConfig({ ...webhook("not a url"), ...secret })).toThrow("not a URL");
  expect(loadConfig({ ...webhook("http://127.0.0.1:1/x"), ...secret }).webhook?.url).toContain("/x");
});

test("beyond this machine the API wants a key", () => {
  const open = { ...least, TOLLGATE_DRIFT_API_HOST: "0.0.0.0" };
  expect(() => loadConfig(open)).toThrow("TOLLGATE_DRIFT_API_KEY is not set");
  expect(loadConfig({ ...open, TOLLGATE_DRIFT_API_KEY: "k" }).api.key).toBe("k");
});
