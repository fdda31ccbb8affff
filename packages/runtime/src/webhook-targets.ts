/** Where webhooks may be sent: origins that the operator has named. */
export type WebhookTargets = ReadonlySet<string>;

const urlCharacters = 2_048;
const loopback = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Why no webhook can be sent there; undefined when one can: https, or http to this machine. */
export function webhookFault(url: string): string | undefined {
  if (!URL.canParse(url)) return "it is not a URL";
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") return "it must hold no user and no password";
  if (protocol === "https:" || (protocol === "http:" && loopback.has(hostname))) return undefined;
  return "it must be https (http only to this machine)";
}

/**
 * Reads `https://shop.example,https://other.example:8443`.
 * @returns the origins and what is wrong with those that are none.
 */
export function parseWebhookTargets(text: string): {
  readonly targets: WebhookTargets;
  readonly faults: readonly string[];
} {
  const named = text.split(",").map((origin) => origin.trim());
  const origins = named.filter((origin) => origin !== "");
  const faults = origins.flatMap((origin) => {
    const fault = webhookFault(origin) ?? (new URL(origin).origin === origin ? undefined : "it is no origin");
    return fault === undefined ? [] : [`"${origin}": ${fault}`];
  });
  return { targets: new Set(origins), faults };
}

/**
 * Whether a caller may have a webhook sent there. Only origins that the operator has named: a URL of a
 * stranger's own would let him reach what this machine can reach and he cannot.
 */
export function allowsWebhook(targets: WebhookTargets, url: string): boolean {
  if (url.length > urlCharacters || webhookFault(url) !== undefined) return false;
  return targets.has(new URL(url).origin);
}
