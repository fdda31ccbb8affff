import type { StreamEvent } from "./stream-event.ts";

/** When an event is due, in milliseconds after the start of the run. */
export type Pacing = (event: StreamEvent, index: number) => number;

/** The same number every second, however busy the stream's own hour is. */
export function paceByRate(perSecond: number): Pacing {
  return (_event, index) => (index * 1000) / perSecond;
}

/** The stream's own rhythm, so many seconds of it in one second. */
export function paceBySpeed(speed: number): Pacing {
  let firstMs: number | undefined;
  return (event) => {
    firstMs ??= event.atMs;
    return (event.atMs - firstMs) / speed;
  };
}

/** As fast as the receivers take it. */
export function unpaced(): Pacing {
  return () => 0;
}
