import { ScoringError } from "@tollgate/scoring";
import { expect, test } from "vitest";
import { apiLimits } from "../../src/limits.ts";
import { openLines, type LineAnswer } from "../support/lines-request.ts";
import { payment, problemIn, startApi, type RunningApi } from "../support/start-api.ts";

const type = { "content-type": "application/x-ndjson" };

function line(id: string, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify(payment({ id, ...changes }));
}

async function answersTo(api: RunningApi, body: string | Buffer): Promise<readonly LineAnswer[]> {
  const response = await api.post(
    "/v1/score/batch",
    typeof body === "string" ? body : new Uint8Array(body),
    type,
  );
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe("application/x-ndjson");
  const text = await response.text();
  expect(text === "" || text.endsWith("\n")).toBe(true);
  return text
    .split("\n")
    .filter((one) => one !== "")
    .map((one) => JSON.parse(one) as LineAnswer);
}

test("every line gets its own answer under its number, in the order sent", async () => {
  await using api = await startApi();
  const ids = Array.from({ length: 700 }, (_, index) => `l-${index}`);
  const answers = await answersTo(api, ids.map((id) => `${line(id)}\n`).join(""));
  expect(answers.map(({ line: number }) => number)).toEqual(ids.map((_, index) => index + 1));
  expect(answers.map(({ answer }) => answer?.transactionId)).toEqual(ids);
  expect(answers.every(({ status, repeated }) => status === 200 && repeated === false)).toBe(true);
});

test("blank lines count and are left out; other line ends, and none at the end, are taken", async () => {
  await using api = await startApi();
  const answers = await answersTo(api, `\n${line("a")}\r\n \t\r\n\r\n${line("b")}\n\n${line("c")}`);
  expect(answers.map((one) => [one.line, one.answer?.transactionId])).toEqual([
    [2, "a"],
    [5, "b"],
    [7, "c"],
  ]);
  expect(await answersTo(api, "")).toEqual([]);
  expect(await answersTo(api, "\n\n \n")).toEqual([]);
});

test("a line that is wrong does not spoil the others, and says why with the place", async () => {
  await using api = await startApi();
  const wrongUtf8 = Buffer.concat([Buffer.from('{"id":"'), Buffer.of(0xff), Buffer.from('"}\n')]);
  const tooLong = `{"id":"${"a".repeat(apiLimits.streamLineBytes)}"}\n`;
  const body = Buffer.concat([
    Buffer.from(`${line("a")}\n`),
    wrongUtf8,
    Buffer.from(`{"id":\n`),
    Buffer.from(tooLong.repeat(40)),
    Buffer.from(`${line("b", { amountMinor: -1 })}\n7\n${line("c")}\n`),
  ]);
  const answers = await answersTo(api, body);
  const codes = answers.map(({ problem }) => problem?.code);
  expect(codes.filter((code) => code === "LINE_TOO_LONG")).toHaveLength(40);
  const others = answers.filter(({ problem }) => problem?.code !== "LINE_TOO_LONG");
  expect(others.map((one) => [one.line, one.status, one.problem?.code])).toEqual([
    [1, 200, undefined],
    [2, 400, "NOT_UTF8"],
    [3, 400, "INVALID_JSON"],
    [44, 400, "INVALID_TRANSACTION"],
    [45, 400, "INVALID_TRANSACTION"],
    [46, 200, undefined],
  ]);
  expect(others[2]?.problem?.faults?.[0]?.message).toContain("line 1, column 7");
  expect(others[3]?.problem?.faults?.map(({ path }) => path)).toEqual(["/amountMinor"]);
  expect([...api.decisions.keys()]).toEqual(["a", "c"]);
});

test("a line of exactly the limit is taken, whatever pieces it comes in", async () => {
  await using api = await startApi();
  const text = line("a");
  const padded = text + " ".repeat(apiLimits.streamLineBytes - Buffer.byteLength(text));
  const lines = openLines(api);
  await lines.response;
  for (let from = 0; from < padded.length; from += 1_500) lines.write(padded.slice(from, from + 1_500));
  lines.write(`\n${padded} \n`);
  lines.end();
  expect((await lines.rest()).map(({ status }) => status)).toEqual([200, 413]);
});

test("an id that comes twice is decided once", async () => {
  await using api = await startApi();
  const answers = await answersTo(api, [line("twice"), line("other"), line("twice")].join("\n"));
  expect(answers.map(({ repeated }) => repeated)).toEqual([false, false, true]);
  expect(answers[2]?.answer).toEqual(answers[0]?.answer);
});

test("lines are answered while the next ones are not sent yet", async () => {
  await using api = await startApi();
  const lines = openLines(api);
  const { statusCode } = await lines.response;
  expect(statusCode).toBe(200);
  for (const [index, id] of ["a", "b", "c"].entries()) {
    lines.write(`${line(id)}\n`);
    expect(await lines.next()).toMatchObject({ line: index + 1, answer: { transactionId: id } });
  }
  lines.end();
  expect(await lines.next()).toBeUndefined();
});

test("what could not be recorded is said of those lines, and of no others", async () => {
  await using inner = await startApi();
  let calls = 0;
  await using api = await startApi({
    scorer: async (requests, deadline) => {
      calls += 1;
      if (calls === 2) throw new ScoringError("NOT_RECORDED");
      return inner.score(requests, deadline);
    },
  });
  const lines = openLines(api);
  for (const id of ["a", "b", "c"]) {
    lines.write(`${line(id)}\n`);
    const answer = await lines.next();
    expect(answer?.problem?.code).toBe(id === "b" ? "NOT_RECORDED" : undefined);
  }
  lines.end();
});

test("what is refused before the first line is a problem like any other", async () => {
  await using api = await startApi();
  const wrong = [
    [{ ...type, authorization: "Bearer nobody" }, 401, "UNAUTHENTICATED"],
    [{ ...type, "tollgate-deadline-ms": "soon" }, 400, "INVALID_DEADLINE"],
    [{ ...type, "tollgate-model": "@unknown" }, 404, "MODEL_NOT_LOADED"],
    [{ ...type, "content-encoding": "gzip" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
    [{ "content-type": "application/x-ndjson; charset=latin1" }, 415, "UNSUPPORTED_MEDIA_TYPE"],
  ] as const;
  for (const [headers, status, code] of wrong) {
    const problem = await problemIn(await api.post("/v1/score/batch", line("a"), headers));
    expect(problem).toMatchObject({ status, code });
  }
  await using labels = await startApi({ scopes: ["labels"] });
  const problem = await problemIn(await labels.post("/v1/score/batch", line("a"), type));
  expect(problem).toMatchObject({ status: 403, code: "MISSING_SCOPE" });
  expect(api.decisions.size + labels.decisions.size).toBe(0);
});
