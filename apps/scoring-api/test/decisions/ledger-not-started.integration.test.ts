import { createLedgerReader, migrate } from "@tollgate/ledger-store";
import { serviceTest } from "@tollgate/testkit";
import { expect } from "vitest";
import { decisionReader } from "../../src/find-decision.ts";
import { problemIn, startApi } from "../support/start-api.ts";

serviceTest(
  "until the ledger has made its tables, a look-up says so and that it is worth another try",
  async ({ postgres }) => {
    const store = { readDecisions: async () => [null] };
    const reader = decisionReader(store, createLedgerReader(postgres));
    await using api = await startApi({ decisionReader: reader });
    const refused = await api.get("/v1/decisions/payment-1");
    expect(refused.headers.get("retry-after")).toBe("1");
    const expected = { status: 503, code: "LEDGER_NOT_STARTED", retryable: true };
    expect(await problemIn(refused)).toMatchObject(expected);
    await migrate(postgres);
    const problem = await problemIn(await api.get("/v1/decisions/payment-1"));
    expect(problem).toMatchObject({ status: 404, code: "DECISION_NOT_FOUND" });
  },
);
