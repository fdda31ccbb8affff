// `npm run format`: writes the house format and applies the lint rules' safe fixes.
import { spawnSync } from "node:child_process";

const steps = [
  ["oxlint", "--fix"],
  ["oxfmt", "--write"],
] as const;

for (const [command, ...args] of steps) {
  const result = spawnSync(command, args, { stdio: "inherit" });
  if (result.status !== 0) process.exitCode = 1;
}
