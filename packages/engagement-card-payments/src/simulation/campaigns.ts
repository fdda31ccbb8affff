import { categoryNamed } from "./categories.ts";
import type { HonestLife } from "./honest-life.ts";
import { campaigns, hourMs } from "./parameters.ts";
import { scheduleRepeatedly, type World } from "./world.ts";

const names = ["charities", "games", "digitalMedia", "marketplaces", "clothing", "electronics"] as const;

/** Many strangers at one checkout within an hour, all honest: what a burst of card testing hides behind. */
export function scheduleCampaigns(world: World, life: HonestLife): void {
  const { random } = world;
  const [fewest, most] = campaigns.buyers;
  const meanGapMs = (fewest + most) / 2 / (world.paymentsPerMs * campaigns.shareOfPayments);
  scheduleRepeatedly(world, random, meanGapMs, (atMs) => {
    const category = categoryNamed(random.pick(names));
    const merchant = world.market.online(category)(random.uniform());
    const lastsMs = random.between(...campaigns.hours) * hourMs;
    const euros = category.medianEuros * random.between(...campaigns.amountFactor);
    for (let buyer = random.integer(fewest, most); buyer > 0; buyer -= 1) {
      world.schedule(atMs + random.between(0, lastsMs), (nowMs) =>
        life.payAt(random.pick(world.customers), merchant, random.logNormal(euros, 0.3), nowMs),
      );
    }
  });
}
