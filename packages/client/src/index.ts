export * from "./create-client.ts";
export * from "./errors.ts";
export type { CallOptions, ClientOptions } from "./call-api.ts";
export type { LineAnswer } from "./score-lines.ts";
export * from "./generated/api-types.ts";
export { clientLimits } from "./limits.ts";
