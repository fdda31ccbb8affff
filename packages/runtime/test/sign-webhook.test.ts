import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { signWebhook } from "../src/sign-webhook.ts";

test("a receiver that knows the secret computes the same signature, over time and body", () => {
  const message = { body: '{"a":1}', deliveryId: "id", secret: "0123456789abcdef", nowMs: 1_700_000_000_999 };
  const headers = signWebhook(message);
  const expected = createHmac("sha256", message.secret).update('1700000000.{"a":1}').digest("hex");
  expect(headers["tollgate-signature"]).toBe(`t=1700000000,v1=${expected}`);
  expect(headers["tollgate-delivery"]).toBe("id");
  expect(signWebhook({ ...message, nowMs: 0 })["tollgate-signature"]).not.toContain(expected);
});
