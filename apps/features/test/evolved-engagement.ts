import type { Engagement } from "@tollgate/engagement";
import { engagement as before, type CardPayment } from "@tollgate/engagement-card-payments";
import { count, type EntityDefinition } from "@tollgate/features";

function entityNamed(name: string): EntityDefinition<CardPayment> {
  const found = before.featureSet.entities.find((entity) => entity.name === name);
  if (found === undefined) throw new Error(`card payments have no ${name}`);
  return found;
}

/** Card payments a release later: a feature of the card and one of the merchant lay out both states anew. */
export const engagement: Engagement<CardPayment> = {
  ...before,
  featureSet: {
    ...before.featureSet,
    features: [
      ...before.featureSet.features,
      count(entityNamed("card"), "3d"),
      count(entityNamed("merchant"), "6h"),
    ],
  },
};
