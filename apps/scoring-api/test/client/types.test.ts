import { readFileSync } from "node:fs";
import { engagement } from "@tollgate/engagement-card-payments";
import { expect, test } from "vitest";
import { clientTypes } from "../../src/client-types/client-types.ts";

const folder = new URL("../../../../packages/client/src/generated/", import.meta.url);

/** What the formatter never touches: names, braces and brackets, in their order. */
function unformatted(text: string): string {
  return text.replaceAll(/[^\w/{}:?<>[\].-]/gu, "");
}

test("the client's types are what the API describes now: else run `npm run client-types`", () => {
  for (const [name, text] of Object.entries(clientTypes(engagement))) {
    const committed = readFileSync(new URL(name, folder), "utf8");
    expect(unformatted(committed)).toBe(unformatted(text));
  }
});
