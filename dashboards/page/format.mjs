/** Values as a person reads them, by Grafana's name of the unit. */

const rates = { cps: "/s", reqps: " req/s", recps: " rec/s" };

/** @param {number | null | undefined} value @param {string} unit @param {number | undefined} decimals */
export function formatValue(value, unit, decimals) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  switch (unit) {
    case "s":
      return seconds(value);
    case "dtdurations":
      return duration(value);
    case "percentunit":
      return `${(value * 100).toFixed(decimals ?? 1)} %`;
    case "bytes":
      return scaled(value, { base: 1024, names: ["B", "KiB", "MiB", "GiB"] });
    case "x":
      return `${value.toFixed(decimals ?? 1)} ×`;
    default:
      return `${plain(value, decimals)}${rates[unit] ?? ""}`;
  }
}

function plain(value, decimals) {
  if (Math.abs(value) >= 10_000) return scaled(value, { base: 1000, names: ["", "k", "M", "G"] });
  if (decimals !== undefined) return value.toFixed(decimals);
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}

function seconds(value) {
  const size = Math.abs(value);
  if (size === 0) return "0 s";
  if (size < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (size < 1) return `${(value * 1000).toPrecision(3)} ms`;
  return size < 120 ? `${value.toPrecision(3)} s` : duration(value);
}

function duration(value) {
  const units = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
  ];
  for (const [size, name] of units) {
    if (value >= 2 * size) return `${(value / size).toFixed(1)} ${name}`;
  }
  return `${value.toFixed(0)} s`;
}

function scaled(value, { base, names }) {
  let power = 0;
  let rest = value;
  while (Math.abs(rest) >= base && power < names.length - 1) {
    rest /= base;
    power += 1;
  }
  return `${rest.toFixed(power === 0 ? 0 : 1)} ${names[power]}`.trim();
}
