import { migrate } from "@tollgate/ledger-store";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import type { OpenApiDocument } from "../src/routes/openapi/openapi-types.ts";
import { describedApi } from "./support/described-api.ts";
import { spawnApi } from "./support/spawned-api.ts";

serviceTest(
  "a real API takes every example of its description, and answers as it describes",
  async ({ kafkaBrokers, redisUrl, redis, prefix, postgres, postgresUrl }) => {
    // Asked for so that what this test writes is deleted after it.
    await redis.ping();
    await migrate(postgres);
    const api = await spawnApi({ kafkaBrokers, redisUrl, prefix }, { TOLLGATE_POSTGRES_URL: postgresUrl });
    const document = (await (await fetch(`${api.url}/openapi.json`)).json()) as OpenApiDocument;
    const described = describedApi(document);
    const posted: string[] = [];
    for (const { method, path, place, operation, requests } of described.operations) {
      for (const { contentType, headers: own, body, faults } of requests) {
        expect([path, contentType, faults]).toEqual([path, contentType, []]);
        // As much time as one may ask for: a slow machine must not answer 503.
        const headers = { ...api.authorization, ...own, "tollgate-deadline-ms": "5000" };
        const response = await fetch(api.url + place, { method, headers, body });
        expect([path, contentType, response.ok]).toEqual([path, contentType, true]);
        expect([path, await described.faultsOfAnswer(operation, response)]).toEqual([path, []]);
        posted.push(`${path} ${contentType}`);
      }
    }
    expect(posted.toSorted()).toEqual([
      "/v1/labels application/json",
      "/v1/score application/json",
      "/v1/score/async application/json",
      "/v1/score/batch application/json",
      "/v1/score/batch application/x-ndjson",
      "/v2/models/{model}/infer application/json",
      "/v2/models/{model}/infer application/octet-stream",
      "/v2/models/{model}/versions/{version}/infer application/json",
      "/v2/models/{model}/versions/{version}/infer application/octet-stream",
    ]);
    // What takes no body is asked too: the decision is there by now.
    for (const { method, path, place, operation } of described.operations) {
      if (operation.requestBody !== undefined) continue;
      const response = await fetch(api.url + place, { method, headers: api.authorization });
      expect([path, response.status]).toEqual([path, 200]);
      expect([path, await described.faultsOfAnswer(operation, response)]).toEqual([path, []]);
    }
  },
);
