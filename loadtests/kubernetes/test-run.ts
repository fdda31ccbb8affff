import { k6Version } from "../run/obtain-k6.ts";

/** What the runners read, in the folder that the ConfigMap is mounted at. */
export const clusterFiles = {
  folder: "/test",
  script: "score-transactions.ts",
  /** What the script imports. */
  modules: ["load-plan.ts", "poisson-arrivals.ts"],
  plan: "plan.json",
  transactions: "transactions.json",
} as const;

/** k6 costs about 150 µs of CPU a request: a runner of two cores sends 2,500 a second with room to spare. */
const requestsPerRunner = 2_500;

/** k6 processes that share a rate. */
export function runnersFor(requestsPerSecond: number): number {
  return Math.ceil(requestsPerSecond / requestsPerRunner);
}

/** The TestRun of the k6 operator (k6.io/v1alpha1) as a plain object: YAML is made from it. */
export function testRun(requestsPerSecond: number): Readonly<Record<string, unknown>> {
  return {
    apiVersion: "k6.io/v1alpha1",
    kind: "TestRun",
    metadata: { name: "tollgate-sla-10k" },
    spec: {
      // The operator splits the plan's rate over the runners by execution segments.
      parallelism: runnersFor(requestsPerSecond),
      separate: true,
      quiet: "true",
      cleanup: "post",
      arguments: "--tag testid=tollgate-sla-10k",
      script: { configMap: { name: "tollgate-sla-10k", file: clusterFiles.script } },
      runner: {
        image: `grafana/k6:${k6Version}`,
        env: [
          { name: "LOAD_PLAN", value: `${clusterFiles.folder}/${clusterFiles.plan}` },
          {
            name: "LOAD_API_KEY",
            valueFrom: { secretKeyRef: { name: "tollgate-load", key: "api-key" } },
          },
          { name: "K6_NO_USAGE_REPORT", value: "true" },
        ],
        resources: {
          requests: { cpu: "2", memory: "2Gi" },
          limits: { memory: "4Gi" },
        },
        securityContext: { runAsNonRoot: true, runAsUser: 12345 },
      },
    },
  };
}
