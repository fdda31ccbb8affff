import { readdirSync, readFileSync } from "node:fs";
import { loadLimits } from "./limits.ts";

/** What one part of the platform used, at one moment. */
export interface UsageSample {
  readonly atMs: number;
  /** CPU seconds since the process began, its children's included; by part. */
  readonly cpuSeconds: Readonly<Record<string, number>>;
  /** Resident memory in MiB, its children's included; by part. */
  readonly memoryMiB: Readonly<Record<string, number>>;
  readonly machine: MachineUsage;
}

/** CPU seconds since the machine began, all processors together; 0 where they cannot be read. */
export interface MachineUsage {
  /** Of all processes, whoever started them; without interrupts. */
  readonly busySeconds: number;
  /** That the machine's own host gave to others while something here wanted to run. */
  readonly stolenSeconds: number;
}

export interface UsageWatch {
  readonly samples: readonly UsageSample[];
  /** Takes a last sample. */
  stop(): void;
}

/** Reads /proc at a steady pace; where there is none (macOS) the samples are empty. */
export function watchUsage(pids: () => Readonly<Record<string, number | undefined>>): UsageWatch {
  const samples: UsageSample[] = [];
  const take = (): void => {
    samples.push(usageNow(pids()));
  };
  take();
  const timer = setInterval(take, loadLimits.usageMs);
  return {
    samples,
    stop() {
      clearInterval(timer);
      take();
    },
  };
}

/** What was used in a time on the wall clock. */
export interface UsedBetween extends Pick<UsageSample, "cpuSeconds" | "machine"> {
  /** Between the two samples that it is the difference of. */
  readonly seconds: number;
}

/** CPU seconds of each part in a window of the wall clock, and the seconds between the samples used. */
export function cpuBetween(
  samples: readonly UsageSample[],
  window: { readonly fromMs: number; readonly toMs: number },
): UsedBetween {
  const inside = samples.filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.toMs);
  const [first] = inside;
  const last = inside.at(-1);
  if (first === undefined || last === undefined) return { seconds: 0, cpuSeconds: {}, machine: noUsage };
  const parts = Object.entries(last.cpuSeconds).map(([part, end]) => {
    const used = end - (first.cpuSeconds[part] ?? 0);
    // A part that was started anew begins to count at nothing.
    return [part, used < 0 ? end : used] as const;
  });
  return {
    seconds: (last.atMs - first.atMs) / 1000,
    cpuSeconds: Object.fromEntries(parts),
    machine: {
      busySeconds: last.machine.busySeconds - first.machine.busySeconds,
      stolenSeconds: last.machine.stolenSeconds - first.machine.stolenSeconds,
    },
  };
}

interface ProcessStat {
  readonly parent: number;
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
  /** Pid and start together name one process for ever. */
  readonly startTicks: number;
}

/** Linux counts CPU in hundredths of a second and memory in pages of 4 KiB. */
const ticksPerSecond = 100;
const pagesPerMiB = 256;

export function usageNow(pids: Readonly<Record<string, number | undefined>>): UsageSample {
  const processes = readProcesses();
  const roots = new Set(Object.values(pids));
  // A part that another one started is counted by itself.
  const dependent = [...processes.keys()].filter((pid) => !roots.has(pid));
  const children = Map.groupBy(dependent, (pid) => processes.get(pid)?.parent ?? 0);
  const cpuSeconds: Record<string, number> = {};
  const memoryMiB: Record<string, number> = {};
  for (const [part, pid] of Object.entries(pids)) {
    if (pid === undefined || !processes.has(pid)) continue;
    const family = descendants(pid, children).flatMap((member) => processes.get(member) ?? []);
    cpuSeconds[part] = family.reduce((sum, member) => sum + member.cpuSeconds, 0);
    memoryMiB[part] = family.reduce((sum, member) => sum + member.memoryMiB, 0);
  }
  return { atMs: Date.now(), cpuSeconds, memoryMiB, machine: machineUsage() };
}

const noUsage: MachineUsage = { busySeconds: 0, stolenSeconds: 0 };

/** proc(5), the line of all processors: user, nice and system time come first, what was stolen eighth. */
function machineUsage(): MachineUsage {
  try {
    const [line = ""] = readFileSync("/proc/stat", "utf8").split("\n", 1);
    const [, user = 0, nice = 0, system = 0, , , , , stolen = 0] = line.split(/\s+/u).map(Number);
    return { busySeconds: (user + nice + system) / ticksPerSecond, stolenSeconds: stolen / ticksPerSecond };
  } catch {
    return noUsage;
  }
}

/** A process and everything it started, each with a way to ask whether it is still the same. */
export function familyOf(pid: number): readonly { readonly pid: number; readonly alive: () => boolean }[] {
  const processes = readProcesses();
  const children = Map.groupBy(processes.keys(), (member) => processes.get(member)?.parent ?? 0);
  return descendants(pid, children).map((member) => {
    const startTicks = processes.get(member)?.startTicks;
    const alive = (): boolean =>
      startTicks !== undefined && readStat(String(member))?.startTicks === startTicks;
    return { pid: member, alive };
  });
}

function descendants(pid: number, children: ReadonlyMap<number, readonly number[]>): readonly number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => descendants(child, children))];
}

function readProcesses(): ReadonlyMap<number, ProcessStat> {
  let names: readonly string[];
  try {
    names = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  } catch {
    return new Map();
  }
  return new Map(
    names.flatMap((name) => {
      const stat = readStat(name);
      return stat === undefined ? [] : [[Number(name), stat] as const];
    }),
  );
}

/** proc(5), after the name in parentheses: the 2nd field is the parent, 12 to 15 CPU, 20 start, 22 memory. */
function readStat(pid: string): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const number = (index: number): number => Number(fields[index] ?? 0);
    return {
      parent: number(1),
      cpuSeconds: (number(11) + number(12) + number(13) + number(14)) / ticksPerSecond,
      memoryMiB: number(21) / pagesPerMiB,
      startTicks: number(19),
    };
  } catch {
    // It ended between the two reads.
    return undefined;
  }
}
