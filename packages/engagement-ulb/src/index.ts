export { engagement } from "./ulb.ts";
export type { UlbPayment } from "./transaction.ts";
