/** Figures of the running apps, read from their `/metrics`. */
export interface AppMetrics {
  /** Records that a consumer has not handled yet, by topic, over all partitions. */
  readonly lag: ReadonlyMap<string, number>;
  readonly outboxPending: number;
  readonly degraded: number;
}

/** An app that does not answer counts with nothing: it may just be starting again. */
export async function readAppMetrics(urls: readonly string[]): Promise<AppMetrics> {
  const texts = await Promise.all(urls.map(metricsOf));
  const lag = new Map<string, number>();
  let outboxPending = 0;
  let degraded = 0;
  for (const [, name, labels, value] of texts.flatMap((text) => [...text.matchAll(sampleLine)])) {
    if (name === "tollgate_kafka_consumer_lag_records") {
      const topic = /topic="([^"]*)"/u.exec(labels ?? "")?.[1] ?? "";
      lag.set(topic, (lag.get(topic) ?? 0) + Number(value));
    }
    if (name === "tollgate_outbox_pending_records") outboxPending += Number(value);
    if (name === "tollgate_degraded_total") degraded += Number(value);
  }
  return { lag, outboxPending, degraded };
}

const sampleLine = /^(tollgate_[a-z_]+)(?:\{([^}]*)\})? ([0-9.e+-]+)$/gmu;

async function metricsOf(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return response.ok ? await response.text() : "";
  } catch {
    return "";
  }
}
