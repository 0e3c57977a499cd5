/**
 * Fits and predictions by the command line, as users run it. In: specs and data as text. Out: parsed predictions.
 * Files live in a temporary folder that its test removes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adk } from "../cli/terminal.ts";
import type { Nested } from "./golden.ts";

/** Predictions by label, one entry a point. */
export type Predictions = Readonly<Record<string, Nested>>;

export class Workspace {
  readonly folder: string = mkdtempSync(join(tmpdir(), "adk-conformance-"));

  path(name: string): string {
    return join(this.folder, name);
  }

  put(name: string, content: unknown): string {
    writeFileSync(
      this.path(name),
      typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content),
    );
    return this.path(name);
  }

  /** Runs a command; throws what it says where it fails. */
  async run(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await adk(...args, "--quiet");
    if (code !== 0) throw new Error(`adk ${args.join(" ")}: exit code ${code}\n${stderr}`);
    return stdout;
  }

  /** `adk fit`; the path of the model file. */
  async fit(name: string, spec: string, data: string, ...options: readonly string[]): Promise<string> {
    const model = this.path(`${name}.safetensors`);
    await this.run("fit", spec, "--data", data, "-o", model, ...options);
    return model;
  }

  /** `adk predict` as JSON. */
  async predict(model: string, points: unknown): Promise<Predictions> {
    const out = this.path("predictions.json");
    await this.run("predict", model, "--data", this.put("points.json", points), "-o", out);
    return JSON.parse(readFileSync(out, "utf8")) as Predictions;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
