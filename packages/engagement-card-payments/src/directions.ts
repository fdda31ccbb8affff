import type { Directions } from "@tollgate/decisioning";

/**
 * What a model must not have the wrong way round, however its rows fell. Left free are amounts and counts, of
 * which a thief has small ones too (a stolen card is tried with cents), and what is risky in company only.
 */
export const directions: Directions = {
  neverSafer: [
    "card@v1:amount_to_normal",
    "card@v1:amount_z_score_30d",
    "merchant@v1:amount_to_normal",
    "merchant@v1:label_rate_30d_delay_7d",
    "terminal@v1:amount_to_normal",
    "terminal@v1:label_rate_30d_delay_7d",
  ],
  neverRiskier: [],
};
