import { describe, expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

const hourMs = 3_600_000;

const refused: readonly (readonly [string, Record<string, unknown>, string])[] = [
  ["an amount as text", { amountMinor: "4599" }, "/amountMinor"],
  ["a negative amount", { amountMinor: -1 }, "/amountMinor"],
  ["an amount with a fraction", { amountMinor: 45.99 }, "/amountMinor"],
  ["an amount beyond every card", { amountMinor: 1e300 }, "/amountMinor"],
  ["no amount", { amountMinor: null }, "/amountMinor"],
  ["an unknown currency", { currency: "XXX" }, "/currency"],
  ["a currency in lower case", { currency: "eur" }, "/currency"],
  ["a date in the future", { occurredAt: new Date(Date.now() + hourMs).toISOString() }, "/occurredAt"],
  ["a date without offset", { occurredAt: "2026-03-01T12:00:00" }, "/occurredAt"],
  ["a date that does not exist", { occurredAt: "2026-02-30T12:00:00Z" }, "/occurredAt"],
  ["a time in seconds", { occurredAt: 1_772_366_400 }, "/occurredAt"],
  ["a card number", { cardId: "4111111111111111" }, "/cardId"],
  ["an id that is no id", { id: "../../etc/passwd" }, "/id"],
  ["an id too long", { id: "x".repeat(65) }, "/id"],
  ["a latitude beyond the pole", { latitude: 91, longitude: 0 }, "/latitude"],
  ["an object where text belongs", { country: { code: "DE" } }, "/country"],
  ["a field nobody knows", { "colour/of~money": 1 }, "/colour~1of~0money"],
];

describe("nothing is recorded of", () => {
  for (const [what, changes, path] of refused) {
    test(`${what}, and the fault names ${path}`, async () => {
      await using api = await startApi();
      const problem = await problemIn(await api.postJson("/v1/score", payment(changes)));
      expect(problem).toMatchObject({ status: 400, code: "INVALID_TRANSACTION", retryable: false });
      expect(problem.faults?.map((fault) => fault.path)).toContain(path);
      expect(api.decisions.size).toBe(0);
    });
  }
});

test("every fault is reported at once", async () => {
  await using api = await startApi();
  const body = payment({ amountMinor: -1, currency: "XXX", channel: "carrier-pigeon" });
  const { faults = [] } = await problemIn(await api.postJson("/v1/score", body));
  expect(faults.map(({ path }) => path).toSorted()).toEqual(["/amountMinor", "/channel", "/currency"]);
});

test("a thousand faults do not make a large answer", async () => {
  await using api = await startApi();
  const fields = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`f${index}`, 1]));
  const problem = await problemIn(await api.postJson("/v1/score", payment(fields)));
  expect(problem.faults).toHaveLength(50);
  expect(problem.detail).toContain("950 more faults are not listed.");
});

const broken: readonly (readonly [string, string, string])[] = [
  ["NaN", '{"id":"a","amountMinor":NaN}', "line 1, column 25"],
  ["a missing brace", '{"id":"a"', "line 1, column 10"],
  ["a comma too many, on line 3", '{\n"id":"a",\n}', "line 3, column 1"],
  ["single quotes", "{'id':'a'}", "line 1, column 2"],
  ["text after the document", '{"id":"a"} x', "line 1, column 12"],
  ["a byte-order mark", '\uFEFF{"id":"a"}', "line 1, column 1"],
];

describe("broken JSON is refused with its place", () => {
  for (const [what, body, place] of broken) {
    test(`as with ${what}`, async () => {
      await using api = await startApi();
      const problem = await problemIn(await api.post("/v1/score", body));
      expect(problem.code).toBe("INVALID_JSON");
      expect(problem.faults).toEqual([{ path: "", message: `is not JSON from ${place} on` }]);
    });
  }
});

test("wrong UTF-8 is refused, not replaced", async () => {
  await using api = await startApi();
  const body = Buffer.from(JSON.stringify(payment({ terminalId: "T?" })));
  body[body.indexOf("T?") + 1] = 0xff;
  expect((await problemIn(await api.post("/v1/score", body))).code).toBe("NOT_UTF8");
});

test("an empty body is refused", async () => {
  await using api = await startApi();
  expect((await problemIn(await api.post("/v1/score", ""))).code).toBe("EMPTY_BODY");
});

test("a list, a number or null is no transaction", async () => {
  await using api = await startApi();
  for (const body of [[payment()], 7, null, "text", true]) {
    const problem = await problemIn(await api.postJson("/v1/score", body));
    expect(problem).toMatchObject({ code: "INVALID_TRANSACTION", faults: [{ path: "" }] });
  }
});

test("sixteen thousand open brackets are broken JSON, no more", async () => {
  await using api = await startApi();
  expect((await problemIn(await api.post("/v1/score", "[".repeat(16_000)))).code).toBe("INVALID_JSON");
  const nested = `${"[".repeat(8_000)}${"]".repeat(8_000)}`;
  expect((await problemIn(await api.post("/v1/score", nested))).code).toBe("INVALID_TRANSACTION");
});

test("numbers too large for a double are refused", async () => {
  await using api = await startApi();
  const body = JSON.stringify(payment()).replace("4599", "1e999");
  const problem = await problemIn(await api.post("/v1/score", body));
  expect(problem.faults?.map(({ path }) => path)).toEqual(["/amountMinor"]);
});

test("prototype keys are only unknown fields", async () => {
  await using api = await startApi();
  const body = JSON.stringify(payment()).replace("{", '{"__proto__":{"polluted":1},"constructor":{"x":1},');
  const problem = await problemIn(await api.post("/v1/score", body));
  expect(problem.code).toBe("INVALID_TRANSACTION");
  expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("a deadline that is no number of milliseconds is refused", async () => {
  await using api = await startApi();
  for (const deadline of ["soon", "0", "-5", "1.5", "1e3"]) {
    const headers = { "tollgate-deadline-ms": deadline };
    const problem = await problemIn(await api.postJson("/v1/score", payment(), headers));
    expect(problem.code).toBe("INVALID_DEADLINE");
  }
});

test("a refused request does not spoil the next one on its connection", async () => {
  await using api = await startApi();
  await problemIn(await api.post("/v1/score", "{"));
  expect((await api.postJson("/v1/score", payment())).status).toBe(200);
});
