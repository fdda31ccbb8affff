/** The Kafka topics of one deployment. Every topic is created explicitly, never by auto-creation. */
export interface TopicNames {
  /** Key: card id. Value: the engagement's transaction as JSON. */
  readonly transactions: string;
  /** Key: card id. Value: {@link DecisionRecord} as JSON. The log that every state is rebuilt from. */
  readonly decisions: string;
  /** Key: transaction id. Value: {@link Label} as JSON. */
  readonly labels: string;
  /** Key: transaction id. Value: {@link LabelledTransaction} as JSON. One partition: one order for all. */
  readonly labelledTransactions: string;
  /** Key: as received. Value: {@link DeadLetter} as JSON. */
  readonly deadLetters: string;
  /** Key: transaction id. Value: {@link WebhookDelivery} as JSON: what callers asked to be told. */
  readonly webhooks: string;
  /** Key: model name and version. Value: {@link DriftVerdict} as JSON. */
  readonly drift: string;
}

/**
 * Topic names, optionally under a prefix so that tests on one broker do not meet.
 * @param prefix put before every name, with its own separator (`"t1."`).
 */
export function topicNames(prefix = ""): TopicNames {
  return {
    transactions: `${prefix}fraud.transactions.v1`,
    decisions: `${prefix}fraud.decisions.v1`,
    labels: `${prefix}fraud.labels.v1`,
    labelledTransactions: `${prefix}fraud.labelled-transactions.v1`,
    deadLetters: `${prefix}fraud.transactions.dead-letter.v1`,
    webhooks: `${prefix}fraud.webhooks.v1`,
    drift: `${prefix}fraud.drift.v1`,
  };
}
