const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span in milliseconds; undefined when it is not a whole number of minutes, hours or days. */
export function spanMs(span: string): number | undefined {
  const match = /^(-?\d+)([mhd])$/u.exec(span);
  const unit = unitMs[match?.[2] ?? ""];
  return unit === undefined ? undefined : Number(match?.[1]) * unit;
}

/** The same for a span that was checked before. */
export function checkedSpanMs(span: string | undefined): number {
  if (span === undefined) return 0;
  const lengthMs = spanMs(span);
  if (lengthMs === undefined) throw new Error(`"${span}" is no span of time`);
  return lengthMs;
}
