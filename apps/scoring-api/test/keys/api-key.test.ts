import { expect, test } from "vitest";
import { createApiKey, hashOfKey, parseApiKeys } from "../../src/keys/api-key.ts";

const rights = { id: "shop-1", scopes: ["score"], ratePerSecond: 10, burst: 20 } as const;

test("a new key has 256 random bits, and its entry holds only the hash", () => {
  const first = createApiKey(rights);
  const second = createApiKey(rights);
  expect(first.key).toMatch(/^tollgate_[A-Za-z0-9_-]{43}$/);
  expect(first.key).not.toBe(second.key);
  expect(first.entry).toEqual({ ...rights, sha256: hashOfKey(first.key) });
  expect(JSON.stringify(first.entry)).not.toContain(first.key);
});

test("an entry as printed can be read back", () => {
  const { entry } = createApiKey(rights);
  expect(parseApiKeys(JSON.stringify([entry]))).toEqual({ ok: true, value: [entry] });
});

test("every fault of a key file is reported with its path", () => {
  const { entry } = createApiKey(rights);
  const wrong = { id: "", sha256: "plain key", scopes: ["admin"], ratePerSecond: 0, burst: -1, key: "x" };
  const parsed = parseApiKeys(JSON.stringify([entry, wrong, 7]));
  expect(parsed.ok ? [] : parsed.faults.map(({ path }) => path).toSorted()).toEqual([
    "/1/burst",
    "/1/id",
    "/1/key",
    "/1/ratePerSecond",
    "/1/scopes",
    "/1/sha256",
    "/2",
  ]);
});

test("the same id or the same key twice is a fault", () => {
  const { entry } = createApiKey(rights);
  const parsed = parseApiKeys(JSON.stringify([entry, entry]));
  expect(parsed).toEqual({
    ok: false,
    faults: [
      { path: "/1/id", message: "is there twice" },
      { path: "/1/sha256", message: "is there twice" },
    ],
  });
});

test("no file of keys is no file of keys", () => {
  for (const text of ["", "{", "{}", "[]", "null", '"key"']) expect(parseApiKeys(text).ok).toBe(false);
});
