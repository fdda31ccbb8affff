import type { logEvents, LogFieldType, LogLevel } from "./log-events.ts";

type Events = typeof logEvents;
export type LogEvent = keyof Events;

/** The events of one level. */
export type EventAt<L extends LogLevel> = {
  [E in LogEvent]: Events[E]["level"] extends L ? E : never;
}[LogEvent];

type ValueOf<F extends LogFieldType> = F extends "string" | "string?"
  ? string
  : F extends "number" | "number?"
    ? number
    : boolean;

type OptionalKeys<F> = { [K in keyof F]: F[K] extends `${string}?` ? K : never }[keyof F];

/** The fields that a log event has, by the catalogue. */
export type LogFieldsOf<E extends LogEvent> = FieldsOf<Events[E]["fields"]>;

type FieldsOf<F extends Readonly<Record<string, LogFieldType>>> = {
  readonly [K in Exclude<keyof F, OptionalKeys<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalKeys<F>]?: ValueOf<F[K]> | undefined };

/** What a line is about, beside its event's own fields. */
export interface LogContext {
  readonly transactionId?: string | undefined;
  readonly requestId?: string | undefined;
  /** W3C trace id, 32 hexadecimal digits; the trace's spans have the same. */
  readonly traceId?: string | undefined;
}

type LogArguments<E extends LogEvent> = keyof Events[E]["fields"] extends never
  ? [fields?: LogContext]
  : [fields: LogFieldsOf<E> & LogContext];

/** Structured logs: events of the catalogue, each at its level, without personal data. */
export interface Logger {
  debug<E extends EventAt<"debug">>(event: E, ...fields: LogArguments<E>): void;
  info<E extends EventAt<"info">>(event: E, ...fields: LogArguments<E>): void;
  warn<E extends EventAt<"warn">>(event: E, ...fields: LogArguments<E>): void;
  error<E extends EventAt<"error">>(event: E, ...fields: LogArguments<E>): void;
  /** True when debug lines are written: ask before gathering fields on a busy path. */
  readonly debugging: boolean;
}

export function silentLogger(): Logger {
  const nothing = (): void => {};
  return { debug: nothing, info: nothing, warn: nothing, error: nothing, debugging: false };
}
