import { Agent, request } from "node:http";
import type { DecisionAnswer } from "@tollgate/contracts";
import { engagement, type CardPayment } from "@tollgate/engagement-card-payments";
import { until } from "@tollgate/testkit";
import type { Platform } from "./platform.ts";

/**
 * Scores payments by HTTP as a careful client does: whatever was not answered is sent again under the same id
 * until it is. At most `concurrency` at once, in order of start.
 */
export async function scoreAll(
  platform: Platform,
  payments: readonly CardPayment[],
  options: { readonly concurrency: number; readonly onAnswer?: (answered: number) => void },
): Promise<readonly DecisionAnswer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.concurrency });
  const answers: DecisionAnswer[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let position = next++; position < payments.length; position = next++) {
      const payment = payments[position];
      if (payment === undefined) return;
      const answer = await until(() => scoreOnce(platform, agent, payment), {
        describe: `an answer on ${payment.id}`,
        deadlineMs: 60_000,
        intervalMs: 200,
      });
      answers.push(answer);
      options.onAnswer?.(answers.length);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  agent.destroy();
  return answers;
}

/** Undefined when it may be tried again: no connection, or 503. */
function scoreOnce(
  platform: Platform,
  agent: Agent,
  payment: CardPayment,
): Promise<DecisionAnswer | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${platform.apiUrl}/v1/score`,
      {
        agent,
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${platform.apiKey}` },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("error", () => resolve(undefined));
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          if (response.statusCode === 200) resolve(JSON.parse(text) as DecisionAnswer);
          else if (response.statusCode === 503) resolve(undefined);
          else reject(new Error(`${response.statusCode}: ${text}`));
        });
      },
    );
    outgoing.on("error", () => resolve(undefined));
    outgoing.end(JSON.stringify(engagement.transaction.toWire(payment)));
  });
}
