import { connect } from "node:net";
import { spawn } from "node:child_process";
import { once } from "node:events";
const dir = import.meta.dirname;
async function measure(kind: string, seconds: number): Promise<number> {
  const child = spawn(process.execPath, [`${dir}/server.ts`, kind], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout!, "data");
  const { port, key, body } = JSON.parse(String(line));
  const text = Buffer.from(`POST /v1/score HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
  let count = 0; let stopped = false; let bad = 0;
  const marker = Buffer.from("HTTP/1.1 200");
  const sockets = await Promise.all(Array.from({ length: 32 }, async () => { const s = connect(port, "127.0.0.1"); s.setNoDelay(true); await once(s, "connect"); s.on("data", (d) => { if (d.includes(marker)) { count += 1; if (!stopped) s.write(text); } else if (d.includes("HTTP/1.1")) { bad += 1; } }); s.on("error", () => {}); s.write(text); return s; }));
  await new Promise((r) => setTimeout(r, 1500));
  const c0 = count, t0 = performance.now();
  await new Promise((r) => setTimeout(r, seconds * 1000));
  const rate = (count - c0) / ((performance.now() - t0) / 1000);
  stopped = true; for (const s of sockets) s.destroy();
  child.kill("SIGTERM"); await once(child, "exit");
  if (bad) console.log("bad", bad);
  return rate;
}
const kinds = (process.argv[2] ?? "empty,api").split(",");
for (let round = 0; round < 3; round += 1) { const r: Record<string, number> = {}; for (const k of kinds) r[k] = Math.round(await measure(k, 3)); console.log(JSON.stringify(r), "ratio", (r.api! / r.empty!).toFixed(3)); }
