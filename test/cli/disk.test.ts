/**
 * A full disk, a real one: a file system of a few kilobytes. In: the built command. Out: a fit that goes on without its
 * checkpoint, and one whose model can't be written: the old one is whole, and the exit code is 1.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adk, ensureBuilt } from "../built.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-disk-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Runs a shell script in `disk`, a file system of so many bytes that is gone afterwards; what is in `$1` there then
 * lies in `left`.
 */
function onDisk(
  bytes: number,
  script: string,
): { status: number | null; stderr: string; stdout: string; left: string } {
  const disk = join(folder, "disk"),
    left = mkdtempSync(join(folder, "left-"));
  mkdirSync(disk, { recursive: true });
  const whole =
    `mount -t tmpfs -o size=${bytes} tmpfs "$1" && cd "$1" && { ${script}\n` +
    `}; status=$?; cp -r "$1/." "$2"; exit $status`;
  const { status, stderr, stdout } = spawnSync("unshare", ["-Urm", "sh", "-c", whole, "sh", disk, left], {
    encoding: "utf8",
  });
  return { status, stderr, stdout, left };
}

const canMount = onDisk(65536, "true").status === 0;
if (!canMount) console.warn("skipped: full disks (only where a user may mount a tmpfs: unshare -Urm)");

const SPEC =
  "model Plane\ninput x : real[2]\nparam l = 1 > 0\nkernel k(a, b) = matern52(a, b, l)\nu ~ GP(k)\n" +
  "observe value : u   noise 1e-3\npredict value : u\n";

describe.skipIf(!canMount)("a disk that is full", () => {
  const count = 700;
  const fit =
    `"${process.execPath}" "${adk}" fit "${join(folder, "plane.adk")}" --data "${join(folder, "data.json")}" ` +
    "--checkpoint-after 0";

  beforeAll(async () => {
    await ensureBuilt();
    const x = Array.from({ length: count }, (_, i) => [8 * Math.sin(3 * i), 8 * Math.cos(1.7 * i * i)]);
    writeFileSync(join(folder, "plane.adk"), SPEC);
    writeFileSync(
      join(folder, "data.json"),
      JSON.stringify({ value: { x, y: x.map(([a, b]) => Math.sin(a!) + Math.cos(b!)) } }),
    );
  });

  it("costs a fit its checkpoint, and leaves room for the model", () => {
    const calm = spawnSync("sh", ["-c", `${fit} -o "${join(folder, "calm.safetensors")}"`]);
    expect(calm.status).toBe(0);
    // Room for the model, and not for a tenth of the matrix.
    const { status, stderr, left } = onDisk(128 * 1024, `${fit} -o model.safetensors`);
    expect(stderr).toMatch(
      /model\.safetensors\.checkpoint: no checkpoint could be written \(ENOSPC[^)]*\); the fit goes on/,
    );
    expect(status).toBe(0);
    expect(readdirSync(left)).toEqual(["model.safetensors"]);
    expect(readFileSync(join(left, "model.safetensors"))).toEqual(readFileSync(join(folder, "calm.safetensors")));
  });

  it("that has no room for the model keeps the old one, and says so with exit code 1", () => {
    const { status, stderr, left } = onDisk(16 * 1024, `printf old > model.safetensors; ${fit} -o model.safetensors`);
    expect(status).toBe(1);
    expect(stderr.trim().split("\n").at(-1)).toMatch(/^adk: cannot write.*the disk is full$/);
    expect(readFileSync(join(left, "model.safetensors"), "utf8")).toBe("old");
    expect(readdirSync(left).filter((name) => !name.startsWith("model.safetensors.checkpoint"))).toEqual([
      "model.safetensors",
    ]);
  });
});
