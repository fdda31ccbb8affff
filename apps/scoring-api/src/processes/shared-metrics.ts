import type { Telemetry } from "@tollgate/telemetry";
import type { FromServing, FromSupervisor } from "./process-messages.ts";

/** The channel to the supervising process, as `process` has it. */
export interface SupervisorChannel {
  send(message: FromServing): void;
  onMessage(listener: (message: FromSupervisor) => void): void;
}

/** This process's telemetry, rendered as the sum over all processes; asked alone, it renders itself. */
export function sharedTelemetry(own: Telemetry, channel: SupervisorChannel): Telemetry {
  const waiting = new Map<number, (text: string) => void>();
  let lastId = 0;
  channel.onMessage((message) => {
    switch (message.type) {
      case "render-metrics":
        void own.render().then((text) => channel.send({ type: "metrics", id: message.id, text }));
        return;
      case "all-metrics":
        waiting.get(message.id)?.(message.text);
        waiting.delete(message.id);
    }
  });
  return {
    ...own,
    render: () =>
      new Promise((resolve) => {
        lastId += 1;
        waiting.set(lastId, resolve);
        channel.send({ type: "metrics-wanted", id: lastId });
      }),
  };
}

/** The channel of a process that the supervisor started. */
export function supervisorChannel(): SupervisorChannel {
  return {
    send: (message) => void process.send?.(message),
    onMessage: (listener) => void process.on("message", (message) => listener(message as FromSupervisor)),
  };
}
