import { expect, test } from "vitest";
import { compileFeatureSet, count, stateStatus, usableState } from "../src/index.ts";
import { cardEntity, payment, type Payment } from "./payments.ts";

const startMs = Date.UTC(2026, 2, 1, 12);
const card = cardEntity(4);
const retentionMs = card.retentionDays * 86_400_000;
const featureSet = compileFeatureSet<Payment>({ entities: [card], features: [count(card, "1h")] });

test("a state is used until its last event is older than the entity's retention", () => {
  const [entity] = featureSet.entities;
  if (entity === undefined) throw new Error("no entity");
  const state = entity.empty();
  expect(stateStatus(entity, null, startMs)).toBe("NOT_FOUND");
  expect(stateStatus(entity, state, startMs)).toBe("NOT_FOUND");
  expect(usableState(entity, undefined, startMs)).toBeNull();
  entity.apply(state, payment(startMs));
  expect(stateStatus(entity, state, startMs - 1)).toBe("PRESENT");
  expect(stateStatus(entity, state, startMs + retentionMs)).toBe("PRESENT");
  expect(usableState(entity, state, startMs + retentionMs)).toBe(state);
  expect(stateStatus(entity, state, startMs + retentionMs + 1)).toBe("OUTSIDE_MAX_AGE");
  expect(usableState(entity, state, startMs + retentionMs + 1)).toBeNull();
});
