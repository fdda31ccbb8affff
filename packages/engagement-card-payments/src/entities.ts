import type { EntityDefinition } from "@tollgate/features";
import type { CardPayment } from "./transaction.ts";

export const card: EntityDefinition<CardPayment> = {
  name: "card",
  description: "The card that pays: its own pace, places, devices and habits.",
  version: 1,
  consistency: "transactional",
  key: (payment) => payment.cardId,
  retentionDays: 90,
  /** 20 and their tiles make a row of 2,000 bytes: docs/specs/entity-state.md. */
  recentCapacity: 20,
};

export const merchant: EntityDefinition<CardPayment> = {
  name: "merchant",
  description: "The merchant that is paid: how busy, how large its payments.",
  version: 1,
  consistency: "streamed",
  key: (payment) => payment.merchantId,
  retentionDays: 90,
  recentCapacity: 0,
  tilesPerWindow: 24,
};

export const terminal: EntityDefinition<CardPayment> = {
  name: "terminal",
  description: "The terminal or checkout: a compromised one shows in its own pace.",
  version: 1,
  consistency: "streamed",
  key: (payment) => payment.terminalId,
  retentionDays: 90,
  recentCapacity: 0,
  tilesPerWindow: 24,
};
