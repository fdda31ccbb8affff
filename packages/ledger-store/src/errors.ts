/** PostgreSQL is there, the ledger's tables are not: the ledger, which makes them, has not started yet. */
export class LedgerNotStarted extends Error {
  constructor(cause: unknown) {
    super("the ledger's tables do not exist yet: start apps/ledger, which makes them", { cause });
    this.name = "LedgerNotStarted";
  }
}
