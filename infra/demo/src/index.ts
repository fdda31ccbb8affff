export { readAppMetrics, type AppMetrics } from "./app-metrics.ts";
export type { AppProcess } from "./app-process.ts";
export { startSimulator, type SimulatorProcess, type SimulatorProgress } from "./simulator-process.ts";
export { startPlatform, type Platform } from "./start-platform.ts";
