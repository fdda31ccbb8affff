import type { SequenceSource } from "@tollgate/engagement";
import {
  compileFeatureSet,
  count,
  firstSeen,
  recentReader,
  sum,
  type EntityDefinition,
} from "@tollgate/features";
import { card } from "./entities.ts";
import { atTerminal, euros, notPresent, terminalCountry } from "./features.ts";
import type { CardPayment } from "./transaction.ts";

/** The network looks so far back; the card that serves remembers 20, which fit into a row of 2,000 bytes. */
const recentCapacity = 32;

const cardWithSequence: EntityDefinition<CardPayment> = {
  ...card,
  name: "card_sequence",
  description: "The card with a longer memory: what a sequence model reads.",
  recentCapacity,
};

/** The card's memory of its last 32 payments, and how it is read: of the neural model only. */
export function recentPayments(): SequenceSource<CardPayment> {
  const sameCategories = ["merchantId", "merchantCategoryCode", "deviceId", terminalCountry] as const;
  const { entities } = compileFeatureSet<CardPayment>({
    entities: [cardWithSequence],
    // Not computed: a state remembers what its features use.
    features: [
      sum(cardWithSequence, euros, "1h"),
      count(cardWithSequence, "1h", { where: notPresent }),
      count(cardWithSequence, "1h", { where: atTerminal }),
      ...sameCategories.map((category) => firstSeen(cardWithSequence, category)),
    ],
  });
  const [entity] = entities;
  if (entity === undefined) throw new Error("a feature set has the entities of its definition");
  const channels = { measures: [euros], filters: [notPresent, atTerminal], sameCategories };
  return { entity, reader: recentReader(entity, channels) };
}
