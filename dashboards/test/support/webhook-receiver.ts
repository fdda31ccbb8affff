import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What Alertmanager posts to a webhook, as far as the test reads it. */
export interface WebhookMessage {
  readonly path: string;
  readonly status: string;
  readonly receiver: string;
  readonly alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

export interface WebhookReceiver {
  readonly url: string;
  readonly messages: readonly WebhookMessage[];
  stop(): Promise<void>;
}

/** Takes what Alertmanager sends. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const messages: WebhookMessage[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(chunks).toString("utf8")) as Omit<WebhookMessage, "path">;
      messages.push({ ...body, path: request.url ?? "" });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
