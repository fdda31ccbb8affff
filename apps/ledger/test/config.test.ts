import { expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";

test("the settings have defaults, except where PostgreSQL is", () => {
  const config = loadConfig({ TOLLGATE_POSTGRES_URL: "postgres://localhost/ledger" });
  expect(config).toMatchObject({ brokers: ["127.0.0.1:9092"], groupPrefix: "tollgate", httpPort: 9_103 });
});

test("every wrong setting is named", () => {
  const wrong = { TOLLGATE_LEDGER_HTTP_PORT: "http", TOLLGATE_SESSION_TIMEOUT_MS: "1" };
  expect(() => loadConfig(wrong)).toThrow(
    /TOLLGATE_POSTGRES_URL is not set[^]*SESSION_TIMEOUT_MS is "1"[^]*HTTP_PORT is "http"/u,
  );
});
