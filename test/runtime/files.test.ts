/**
 * Files of the runtime. In: a folder, a page without a file system. Out: files whole or not there, who is told of them,
 * and an error for people where there's no disk.
 */
import fs, { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { saveBytes, setWriteListener, temporaryName } from "../../runtime/files.ts";

const folder = mkdtempSync(join(tmpdir(), "adk-files-"));
const at = (name: string): string => join(folder, name);
const content = new TextEncoder().encode("content");
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  setWriteListener(() => {});
});

describe("saveBytes", () => {
  it("tells of a file while it's half written", () => {
    const told: [string, boolean][] = [];
    setWriteListener((path, isOpen) => told.push([path, isOpen]));
    saveBytes(at("a"), content);
    expect(told).toEqual([
      [temporaryName(at("a")), true],
      [temporaryName(at("a")), false],
    ]);
    expect(() => saveBytes(at("none/a"), content)).toThrow(/ENOENT/);
    expect(told.slice(2)).toEqual([
      [temporaryName(at("none/a")), true],
      [temporaryName(at("none/a")), false],
    ]);
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("says where files can't be, in a page", () => {
    vi.stubGlobal("process", undefined);
    expect(() => saveBytes("a", content)).toThrow(/^files need Node/);
  });

  it("renames again on Windows, where somebody may have the old file open", () => {
    const rename = fs.renameSync;
    let refusals = 2;
    const spy = vi.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      if (refusals-- > 0) throw Object.assign(new Error("EPERM: operation not permitted"), { code: "EPERM" });
      rename(from, to);
    });
    const host = { pid: process.pid, getBuiltinModule: () => fs };
    vi.stubGlobal("process", { ...host, platform: "win32" });
    saveBytes(at("b"), content);
    expect(spy).toHaveBeenCalledTimes(3);
    vi.stubGlobal("process", { ...host, platform: "linux" });
    refusals = 1;
    expect(() => saveBytes(at("b"), content)).toThrow(/EPERM/);
    vi.unstubAllGlobals();
    expect(readFileSync(at("b"), "utf8")).toBe("content");
    expect(readdirSync(folder).sort()).toEqual(["a", "b"]);
  });
});
