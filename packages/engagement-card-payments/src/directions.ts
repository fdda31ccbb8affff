import type { Directions } from "@tollgate/decisioning";

/**
 * What a model must not have the wrong way round, however its rows fell. Left out is what a thief also does
 * smaller: the amount and its sums (a stolen card is tried with cents), and counts of a day or a week.
 */
export const directions: Directions = {
  neverSafer: [
    "transaction:is_magnetic_stripe",
    "transaction:is_high_risk_category",
    "transaction:is_testing_category",
    "card@v1:count_10m",
    "card@v1:count_small_1h",
    "card@v1:amount_to_normal",
    "card@v1:amount_z_score_30d",
    "card@v1:distinct_device_7d",
    "card@v1:first_seen_device",
    "card@v1:kilometres_per_hour_since_last",
    "merchant@v1:amount_to_normal",
    "merchant@v1:label_rate_30d_delay_7d",
    "terminal@v1:amount_to_normal",
    "terminal@v1:label_rate_30d_delay_7d",
  ],
  neverRiskier: [],
};
