/**
 * A command that kills itself at a moment of its choice, as SIGKILL from outside would at the same moment.
 * In: the moment (`log`: in the middle of a record of the log; `before` or `after`: a state takes its name), which of
 * those moments, and a command line. Out: the death of the process, or the command's exit code where the moment never
 * came. Its clock goes on by a second whenever it's looked at, and stands still while a checkpoint is written, so that
 * every chance of one is taken, however fast the machine is.
 */
import fs from "node:fs";

const [kind, which, ...argv] = process.argv.slice(2);
let left = Number(which);
let now = 0;
/** Whether a checkpoint is being written, from its first file to the look at the clock after it. */
let writing = "no";
performance.now = () => {
  if (writing === "no") now += 1000;
  if (writing === "done") writing = "no";
  return now;
};

const strike = (moment) => {
  if (moment === kind && --left === 0) process.kill(process.pid, "SIGKILL");
};
const { openSync, renameSync, writevSync } = fs;
fs.openSync = (path, flags) => {
  if (String(path).includes(".checkpoint") && flags !== "r") writing = "yes";
  return openSync(path, flags);
};
fs.renameSync = (from, to) => {
  if (!to.endsWith(".checkpoint")) return renameSync(from, to);
  strike("before");
  renameSync(from, to);
  writing = "done";
  strike("after");
};
fs.writevSync = (file, pieces, at) => {
  if (kind === "log" && left === 1) writevSync(file, [pieces[0], pieces[1].subarray(0, 100)], at);
  strike("log");
  return writevSync(file, pieces, at);
};

const { run } = await import(new URL("../../dist/cli/main.js", import.meta.url).href);
process.exitCode = await run(argv);
