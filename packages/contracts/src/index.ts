export * from "./topics.ts";
export * from "./fault.ts";
export * from "./transaction.ts";
export * from "./decision-record.ts";
export * from "./label.ts";
export * from "./labelled-transaction.ts";
export * from "./dead-letter.ts";
export * from "./problem.ts";
