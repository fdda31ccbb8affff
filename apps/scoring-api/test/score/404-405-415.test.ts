import { expect, test } from "vitest";
import { payment, problemIn, startApi } from "../support/start-api.ts";

test("an unknown path is a 404, also one that cannot be decoded", async () => {
  await using api = await startApi();
  for (const path of ["/", "/v1/invented", "/v1/score/", "/V1/SCORE", "/v1/decisions/%ZZ", "/%"]) {
    expect(await problemIn(await api.get(path))).toMatchObject({ status: 404, code: "NOT_FOUND" });
  }
  const text = await api.telemetry.render();
  expect(text).toContain('tollgate_http_requests_total{route="unknown",status="404"} 6\n');
  expect(text).not.toContain("invented");
});

test("a wrong method is a 405 that names the right one", async () => {
  await using api = await startApi();
  for (const method of ["GET", "PUT", "DELETE", "OPTIONS"]) {
    const response = await fetch(`${api.url}/v1/score`, { method });
    expect(response.headers.get("allow")).toBe("POST");
    expect(await problemIn(response)).toMatchObject({ status: 405, code: "METHOD_NOT_ALLOWED" });
  }
});

test("only uncompressed JSON in UTF-8 is read", async () => {
  await using api = await startApi();
  const attempts: readonly Record<string, string>[] = [
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "content-type": "application/json; charset=latin1" },
    { "content-encoding": "gzip" },
  ];
  for (const headers of attempts) {
    const response = await api.postJson("/v1/score", payment(), headers);
    expect(response.headers.get("accept")).toBe("application/json");
    expect(await problemIn(response)).toMatchObject({ status: 415, code: "UNSUPPORTED_MEDIA_TYPE" });
  }
});
