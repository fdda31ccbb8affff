/** The four services of the local stack, in the order in which they are shown. */
export const serviceNames = ["kafka", "redis", "postgres", "prometheus"] as const;

export type ServiceName = (typeof serviceNames)[number];

/** The variable that names an external service; such a one is checked, never started, stopped or reset. */
export const urlVariables: Readonly<Record<ServiceName, string>> = {
  kafka: "TOLLGATE_KAFKA_BROKERS",
  redis: "TOLLGATE_REDIS_URL",
  postgres: "TOLLGATE_POSTGRES_URL",
  prometheus: "TOLLGATE_PROMETHEUS_URL",
};

/** What each service is called when it is shown to a person. */
export const serviceTitles: Readonly<Record<ServiceName, string>> = {
  kafka: "Kafka",
  redis: "Redis",
  postgres: "PostgreSQL",
  prometheus: "Prometheus",
};
