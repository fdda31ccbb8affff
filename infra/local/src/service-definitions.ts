import { kafkaService } from "./kafka-service.ts";
import { postgresService } from "./postgres-service.ts";
import { prometheusService } from "./prometheus-service.ts";
import { redisService } from "./redis-service.ts";
import type { ServiceDefinition } from "./service-definition.ts";
import type { ServiceName } from "./service-name.ts";

/** The definition of each service. */
export const serviceDefinitions: Readonly<Record<ServiceName, ServiceDefinition>> = {
  kafka: kafkaService,
  redis: redisService,
  postgres: postgresService,
  prometheus: prometheusService,
};
