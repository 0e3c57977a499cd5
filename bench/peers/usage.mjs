/**
 * What a Node process has used, for `node --import usage.mjs …`.
 * Out, when the process ends: a JSON file named by ADK_USAGE with bytes at its peak and seconds of processor time.
 */
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env.ADK_USAGE;
if (isMainThread && path !== undefined) {
  process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    writeFileSync(path, JSON.stringify({ bytes: 1024 * maxRSS, cpu: (userCPUTime + systemCPUTime) / 1e6 }));
  });
}
