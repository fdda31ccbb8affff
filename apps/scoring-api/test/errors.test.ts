import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { apiErrors } from "../src/errors.ts";
import { problemOf } from "../src/problem.ts";

const page = readFileSync(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8");

test("every error is described in docs/reference/errors.md, with its status and whether to try again", () => {
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (\d{3}) \| (yes|no) \| /gm)];
  const described = rows.map(([, code, status, retry]) => `${code} ${status} ${retry}`);
  const expected = Object.entries(apiErrors).map(
    ([code, { status, retryable }]) => `${code} ${status} ${retryable ? "yes" : "no"}`,
  );
  expect(described.toSorted()).toEqual(expected.toSorted());
});

test("a problem has what RFC 9457 asks for, and says what to do", () => {
  expect(problemOf("NOT_UTF8")).toEqual({
    type: "urn:tollgate:error:NOT_UTF8",
    title: "Not UTF-8",
    status: 400,
    code: "NOT_UTF8",
    detail: "The body is not valid UTF-8. Encode it as UTF-8.",
    retryable: false,
  });
});

test("only an error that can pass by itself is said to be worth another try", () => {
  for (const { status, retryable } of Object.values(apiErrors)) {
    expect(retryable).toBe((status >= 500 && status !== 501) || status === 408 || status === 429);
  }
});
