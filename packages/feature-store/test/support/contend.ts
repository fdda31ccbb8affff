/**
 * `node contend.ts REDIS_URL PREFIX IDS...`: 16 writers in this process count the given transactions on one
 * card, as the pipeline does. Prints how often another writer was first.
 */
import { silentLogger } from "@tollgate/runtime";
import { connectRedis, emptyRow, redisFeatureStore, type FeatureStore } from "../../src/index.ts";
import { card, tap, taps, type Tap } from "../taps.ts";

const writers = 16;
const mostAttempts = 10_000;

const [url = "", prefix = "", ...ids] = process.argv.slice(2);
const connection = await connectRedis(url, silentLogger());
const store = redisFeatureStore<Tap>(connection, { prefix, entities: taps, idempotencySeconds: 60 });
const conflicts = await Promise.all(
  Array.from({ length: writers }, async (_, writer) => {
    let lost = 0;
    for (const id of ids.filter((_id, position) => position % writers === writer))
      lost += await count(store, id);
    return lost;
  }),
);
process.stdout.write(String(conflicts.reduce((total, lost) => total + lost, 0)));
connection.disconnect();

/** Recalls, applies and remembers until it is counted, by this writer or another. */
async function count(store: FeatureStore<Tap>, transactionId: string): Promise<number> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const recalled = await store.recall([{ entity: card, key: "hot" }], [{ key: "hot", transactionId }]);
    if (recalled.claims[0] !== null) return attempt;
    const [read] = recalled.states;
    const row = read?.row ?? emptyRow(card);
    card.apply(row.state, tap(0));
    const expectedVersion = read?.versionBytes ?? Buffer.alloc(0);
    const claim = { claimedAtMs: 0, vector: Float32Array.of(1), statesRead: [], featureSet: "f" };
    const claims = [{ transactionId, claim }];
    const write = { entity: card, key: "hot", expectedVersion, row, claims };
    const [written] = await store.remember([write], recalled.generation);
    if (written === true) return attempt;
  }
  throw new Error(`${transactionId} was not counted in ${mostAttempts} attempts`);
}
