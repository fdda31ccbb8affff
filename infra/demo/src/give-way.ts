import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/**
 * Lets a process wait when others want the processor, as far as the machine allows it.
 *
 * Linux shares the processors between sessions first (`sched_autogroup`, sched(7)), and by niceness only
 * within one: a process with a session of its own gives way only when its session does.
 */
export function giveWay(pid: number, niceness: number): void {
  setPriority(pid, niceness);
  try {
    writeFileSync(`/proc/${pid}/autogroup`, `${niceness}`);
  } catch {
    // No such file outside Linux, read-only in some sandboxes: then all wait alike, which is no fault.
  }
}
