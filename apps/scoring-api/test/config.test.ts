import { ConfigError } from "@tollgate/runtime";
import { expect, test } from "vitest";
import { loadConfig } from "../src/config.ts";
import { loadApiKeys } from "../src/keys/load-api-keys.ts";

const keys = { TOLLGATE_API_KEYS: "[]" };

test("it listens on loopback, with keys, unless told otherwise", () => {
  expect(loadConfig(keys)).toMatchObject({
    host: "127.0.0.1",
    port: 8080,
    keys: { from: "environment" },
    deadlineMs: 100,
    openPages: true,
  });
});

test("without keys it does not start, and says how to make one", () => {
  expect(() => loadConfig({})).toThrow("create-key-command.ts");
});

test("authentication can be switched off on loopback only", () => {
  expect(loadConfig({ TOLLGATE_AUTH: "off" }).keys).toEqual({ from: "off" });
  expect(loadConfig({ TOLLGATE_AUTH: "off", TOLLGATE_API_HTTP_HOST: "::1" }).keys).toEqual({ from: "off" });
  for (const host of ["0.0.0.0", "::", "10.0.0.7", "127.0.0.1.example.org", "example.org"]) {
    const environment = { TOLLGATE_AUTH: "off", TOLLGATE_API_HTTP_HOST: host };
    expect(() => loadConfig(environment)).toThrow("needs a loopback TOLLGATE_API_HTTP_HOST");
  }
});

test("metrics and docs are open on loopback, and ask for a key elsewhere", () => {
  const elsewhere = { ...keys, TOLLGATE_API_HTTP_HOST: "0.0.0.0" };
  expect(loadConfig(elsewhere).openPages).toBe(false);
  expect(loadConfig({ ...elsewhere, TOLLGATE_METRICS_AND_DOCS: "open" }).openPages).toBe(true);
  expect(loadConfig({ ...keys, TOLLGATE_METRICS_AND_DOCS: "key" }).openPages).toBe(false);
});

test("two sources of keys are one too many", () => {
  expect(() => loadConfig({ ...keys, TOLLGATE_API_KEYS_FILE: "keys.json" })).toThrow("set one");
});

test("a key file that cannot be read or is wrong stops the start, and no key is printed", async () => {
  await expect(loadApiKeys({ from: "file", path: "no-such-file.json" })).rejects.toThrow("ENOENT");
  const text = '[{"id":"a","sha256":"my-secret-key"}]';
  const failed = loadApiKeys({ from: "environment", text });
  await expect(failed).rejects.toThrow(ConfigError);
  await expect(failed).rejects.toThrow("TOLLGATE_API_KEYS/0/sha256 must be the SHA-256");
  await expect(failed).rejects.not.toThrow("my-secret-key");
});

test("several processes share one port, which has to be named", () => {
  const environment = { TOLLGATE_AUTH: "off", TOLLGATE_PROCESSES: "2" };
  expect(loadConfig(environment).processes).toBe(2);
  expect(() => loadConfig({ ...environment, TOLLGATE_API_HTTP_PORT: "0" })).toThrow("name a port");
});
