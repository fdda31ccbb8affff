export * from "./clock.ts";
export * from "./config-reader.ts";
export * from "./deadline.ts";
export * from "./lifecycle.ts";
export * from "./logger.ts";
export * from "./run-app.ts";
