import type { Pool, PoolClient } from "pg";

/** Any number, the same in every monitor: the advisory lock of the one that folds and judges. */
const leaderLock = 7_041_659;

/**
 * Runs the work while no other monitor does; false when another does. The lock lives as long as the
 * connection, which the work writes by: once it is lost, nothing of this leader is written any more.
 */
export async function asLeader(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  // Between two queries a lost connection is only an event; the next query tells.
  const ignore = (): void => {};
  client.on("error", ignore);
  try {
    const { rows } = await client.query<{ mine: boolean }>({
      name: "drift-leader",
      text: "select pg_try_advisory_lock($1) as mine",
      values: [leaderLock],
    });
    if (rows[0]?.mine !== true) return false;
    await work(client);
    return true;
  } finally {
    client.off("error", ignore);
    // With the connection goes the lock.
    client.release(true);
  }
}
