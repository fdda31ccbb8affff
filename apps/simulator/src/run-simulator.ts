import type { BaseTransaction } from "@tollgate/contracts";
import type { CompiledEngagement } from "@tollgate/engagement";
import type { Clock, Logger } from "@tollgate/runtime";
import type { SimulatorConfig } from "./config.ts";
import { createDryRunSender } from "./dry-run-sender.ts";
import { openSource } from "./event-source.ts";
import { createHttpSender } from "./http-sender.ts";
import { createKafkaSender } from "./kafka-sender.ts";
import { simulatorLimits } from "./limits.ts";
import type { SimulatorOptions } from "./options.ts";
import { createProgressReader, type Progress } from "./progress.ts";
import { runStream } from "./run-stream.ts";
import type { Sender } from "./sender.ts";
import type { StreamEvent } from "./stream-event.ts";
import { createTally, nothingLost } from "./tally.ts";

export interface SimulatorParts<T extends BaseTransaction> {
  readonly compiled: CompiledEngagement<T>;
  readonly options: SimulatorOptions;
  readonly config: SimulatorConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called once a second and, with the summary, at the end. */
  readonly onProgress: (progress: Progress) => void;
  /** Ends the stream early; what is in flight still finishes. */
  readonly stop: AbortSignal;
}

/** Sends the stream; resolves with whether everything arrived. */
export async function runSimulator<T extends BaseTransaction>(parts: SimulatorParts<T>): Promise<boolean> {
  const { compiled, options, clock, logger, onProgress, stop } = parts;
  const tally = createTally();
  const paced = openSource({ options, compiled, clock, tally, logger });
  const { senders, chooseSender, labelSender } = openSenders(parts, tally);
  const startMicros = clock.monotonicMicros();
  const readProgress = createProgressReader(tally, () => (clock.monotonicMicros() - startMicros) / 1000);
  const timer = setInterval(() => onProgress(readProgress("progress")), simulatorLimits.progressMs);
  try {
    const { durationMs, count } = options;
    await runStream({
      ...paced,
      durationMs,
      count,
      senders,
      chooseSender,
      labelSender,
      clock,
      tally,
      stop,
    });
  } finally {
    clearInterval(timer);
  }
  onProgress(readProgress("summary"));
  return nothingLost(tally) && tally.invalidRows === 0;
}

interface Senders {
  readonly senders: readonly Sender[];
  readonly chooseSender: (event: StreamEvent) => Sender;
  readonly labelSender: Sender | undefined;
}

function openSenders<T extends BaseTransaction>(
  { options, config, clock, logger }: SimulatorParts<T>,
  tally: ReturnType<typeof createTally>,
): Senders {
  const { dryRun, split, labels } = options;
  if (dryRun) {
    const sender = createDryRunSender(process.stdout);
    return { senders: [sender], chooseSender: () => sender, labelSender: undefined };
  }
  const measureFromMicros = clock.monotonicMicros() + options.warmUpMs * 1000;
  const usesKafka = options.kafka || labels === "kafka";
  const usesHttp = options.http || labels === "http";
  const kafka = usesKafka ? createKafkaSender({ ...config, logger, tally }) : undefined;
  const http = usesHttp ? createHttpSender({ ...config, clock, tally, measureFromMicros }) : undefined;
  const kafkaForTransactions = options.kafka ? kafka : undefined;
  const httpForTransactions = options.http ? http : undefined;
  const only = kafkaForTransactions ?? httpForTransactions;
  if (only === undefined) throw new RangeError("there is nowhere to send to");
  return {
    senders: [kafka, http].filter((sender) => sender !== undefined),
    // By card, so that all of a card's transactions take one way and stay in order.
    chooseSender: (event) => {
      if (kafkaForTransactions === undefined || httpForTransactions === undefined) return only;
      return shareOf(event.key) < split ? httpForTransactions : kafkaForTransactions;
    },
    labelSender: labels === "none" ? undefined : labels === "kafka" ? kafka : http,
  };
}

/** A fixed number in [0, 1) for a key (FNV-1a, mixed). */
function shareOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 4_294_967_296;
}
