export * from "./errors.ts";
export * from "./connect-ledger.ts";
export * from "./label-outlet.ts";
export * from "./ledger-reader.ts";
export * from "./ledger-writer.ts";
export * from "./limits.ts";
export * from "./migrate.ts";
