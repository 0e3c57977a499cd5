/**
 * Extended XYZ, as ASE writes it. In: the text of a file, or frames. Out: a data set's tensors, or text.
 * A frame is a number of atoms, a line of `key=value`, and a line for each atom with the columns that `Properties`
 * names.
 * All frames must be of the same atoms in the same order, since a model is of one molecule. Units are Å and eV.
 */
import { decimal } from "../data/decimal.ts";
import { DataError } from "../errors.ts";
import { atomicNumber, symbolOf } from "./elements.ts";
import { parseComment } from "./extxyz_comment.ts";
import type { Entry } from "../data/nested.ts";

/** Names under which programs write energies, forces, positions and elements; the first that is there counts. */
const ENERGIES = ["energy", "E", "Energy", "total_energy", "dft_energy", "REF_energy"];
const FORCES = ["forces", "F", "force", "Forces", "dft_forces", "dft_force", "REF_forces"];
const POSITIONS = ["pos", "positions"];
const SPECIES = ["species", "symbols"];
const NUMBERS = ["Z", "numbers", "atomic_numbers"];
/** Keys of a data set that columns and values of other names must not take. */
const RESERVED = new Set(["R", "E", "F", "z", "x", "y", "r_unit", "e_unit"]);

export interface Columns {
  readonly name: string;
  readonly type: "S" | "R" | "I" | "L";
  readonly width: number;
}

interface Frame {
  /** Line of the number of atoms, from 1. */
  readonly line: number;
  readonly info: ReadonlyMap<string, readonly string[]>;
  readonly columns: readonly Columns[];
  /** The words of each atom's line. */
  readonly atoms: readonly (readonly string[])[];
}

export interface ExtxyzContent {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly unusable: ReadonlyMap<string, string>;
}

/**
 * Reads a file: `R` [frames, N, 3], `z` [N], `E` [frames] and `F` [frames, N, 3] where they are there, `Lattice`
 * [frames, 3, 3],
 * and every other number under its own name. Names the data's units, Å and eV.
 * @throws DataError naming file, frame and line of what is wrong
 */
export function readExtxyz(text: string, file: string): ExtxyzContent {
  const frames = readFrames(text, file);
  const first = frames[0]!;
  frames.forEach((frame, f) => requireSame(file, first, frame, f));
  const entries = new Map<string, Entry>([
    ["r_unit", textEntry("Ang")],
    ["e_unit", textEntry("eV")],
  ]);
  const unusable = new Map<string, string>();
  entries.set("z", { shape: [first.atoms.length], data: atomicNumbers(file, first, 0) });
  const taken = new Set<string>([...SPECIES, ...NUMBERS]);
  const put = (key: string, names: readonly string[], read: (name: string) => Entry | string): void => {
    const name = names.find((candidate) => !taken.has(candidate));
    if (name === undefined) return;
    taken.add(name);
    const found = read(name);
    if (typeof found === "string") unusable.set(key, found);
    else entries.set(key, found);
  };
  const has = (names: readonly string[], source: "columns" | "info"): string[] =>
    names.filter((name) =>
      frames.some((frame) => (source === "info" ? frame.info.has(name) : frame.columns.some((c) => c.name === name))),
    );
  put("R", has(POSITIONS, "columns"), (name) => strict(file, frames, name, columnEntry(file, frames, name, 3)));
  put("F", has(FORCES, "columns"), (name) => columnEntry(file, frames, name, 3));
  put("E", has(ENERGIES, "info"), (name) => infoEntry(frames, name, []));
  put("Lattice", has(["Lattice"], "info"), (name) => infoEntry(frames, name, [3, 3]));
  for (const name of new Set(frames.flatMap((frame) => [...frame.info.keys()]))) {
    if (!taken.has(name) && !RESERVED.has(name) && name !== "Properties")
      put(name, [name], () => infoEntry(frames, name));
  }
  for (const { name, width } of first.columns)
    if (!taken.has(name) && !RESERVED.has(name)) put(name, [name], () => columnEntry(file, frames, name, width));
  if (!entries.has("R"))
    throw new DataError({
      file,
      row: first.line + 1,
      rowName: "line",
      expected: "a column pos:R:3 in Properties",
      found: first.columns.map((c) => c.name).join(", ") || "none",
    });
  return { entries, unusable };
}

const textEntry = (text: string): Entry => ({ shape: [], data: [text] });

/** Positions must be there; other tensors are refused when they're asked for. */
function strict(file: string, frames: readonly Frame[], name: string, found: Entry | string): Entry {
  if (typeof found !== "string") return found;
  throw new DataError({
    file,
    row: frames[0]!.line,
    rowName: "line",
    expected: `positions (${name}) of every atom`,
    found,
  });
}

function readFrames(text: string, file: string): Frame[] {
  const lines = text.split(/\r?\n/);
  while (lines.length > 0 && lines.at(-1)!.trim() === "") lines.pop();
  const frames: Frame[] = [];
  for (let at = 0; at < lines.length; ) {
    const place = (row: number) => ({ file, key: `frame ${frames.length}`, row, rowName: "line" as const });
    const count = /^\s*(\d{1,9})\s*$/.exec(lines[at]!)?.[1];
    if (count === undefined || Number(count) === 0)
      throw new DataError({
        ...place(at + 1),
        expected: "the number of atoms of a frame",
        found: JSON.stringify(lines[at]!.slice(0, 40)),
      });
    const n = Number(count);
    if (at + 1 + n >= lines.length)
      throw new DataError({
        ...place(at + 1),
        expected: `${n} atoms after line ${at + 2}`,
        found: `${Math.max(0, lines.length - at - 2)} lines`,
        hint: "the file may be cut short",
      });
    const comment = parseComment(lines[at + 1]!, (expected, found) => {
      throw new DataError({ ...place(at + 2), expected, found });
    });
    const columns = readColumns(comment.get("Properties")?.join(" "), (found) => {
      throw new DataError({ ...place(at + 2), expected: "Properties=name:type:width:… with types S, R, I, L", found });
    });
    const width = columns.reduce((sum, column) => sum + column.width, 0);
    const atoms: string[][] = [];
    for (let a = 0; a < n; a++) {
      const words = lines[at + 2 + a]!.trim().split(/\s+/);
      if (words.length !== width)
        throw new DataError({
          ...place(at + 3 + a),
          expected: `${width} columns for Properties=${columns.map((c) => `${c.name}:${c.type}:${c.width}`).join(":")}`,
          found: `${words[0] === "" ? 0 : words.length}`,
        });
      atoms.push(words);
    }
    frames.push({ line: at + 1, info: comment, columns, atoms });
    at += 2 + n;
  }
  if (frames.length === 0) throw new DataError({ file, expected: "frames in extended XYZ", found: "an empty file" });
  return frames;
}

/** The columns that `Properties` names; plain XYZ where there's none. */
function readColumns(properties: string | undefined, refuse: (found: string) => never): Columns[] {
  const parts = (properties ?? "species:S:1:pos:R:3").split(":");
  const columns: Columns[] = [];
  for (let k = 0; k < parts.length; k += 3) {
    const [name = "", type = "", width = ""] = parts.slice(k, k + 3);
    if (name === "" || !/^[SRIL]$/.test(type) || !/^[1-9]\d{0,4}$/.test(width))
      refuse(
        JSON.stringify(
          parts
            .slice(k, k + 3)
            .join(":")
            .slice(0, 60),
        ),
      );
    if (columns.some((column) => column.name === name)) refuse(`${JSON.stringify(name.slice(0, 40))} twice`);
    columns.push({ name, type: type as Columns["type"], width: Number(width) });
  }
  return columns;
}

/** First word of a column, and its description. */
function locate({ columns }: Frame, names: readonly string[]): { at: number; column: Columns } | undefined {
  let at = 0;
  for (const column of columns) {
    if (names.includes(column.name)) return { at, column };
    at += column.width;
  }
  return undefined;
}

function atomicNumbers(file: string, frame: Frame, f: number): Float64Array {
  const species = locate(frame, SPECIES) ?? locate(frame, NUMBERS);
  const place = (row: number) => ({ file, key: `frame ${f}`, row, rowName: "line" as const });
  if (species === undefined)
    throw new DataError({
      ...place(frame.line + 1),
      expected: "a column species:S:1 or Z:I:1 in Properties",
      found: frame.columns.map((c) => c.name).join(", "),
    });
  return Float64Array.from(frame.atoms, (words, a) => {
    const word = words[species.at]!;
    const z = /^\d{1,3}$/.test(word) ? Number(word) : atomicNumber(word);
    if (z === undefined || symbolOf(z) === undefined)
      throw new DataError({
        ...place(frame.line + 2 + a),
        expected: "the symbol of an element",
        found: JSON.stringify(word.slice(0, 20)),
      });
    return z;
  });
}

function requireSame(file: string, first: Frame, frame: Frame, f: number): void {
  if (frame === first) return;
  const place = (row: number) => ({ file, key: `frame ${f}`, row, rowName: "line" as const });
  if (frame.atoms.length !== first.atoms.length)
    throw new DataError({
      ...place(frame.line),
      expected: `${first.atoms.length} atoms, as in frame 0`,
      found: String(frame.atoms.length),
      hint: "a model is of one molecule: put others in a file of their own",
    });
  const [expected, found] = [atomicNumbers(file, first, 0), atomicNumbers(file, frame, f)];
  const other = found.findIndex((z, a) => z !== expected[a]);
  if (other >= 0)
    throw new DataError({
      ...place(frame.line + 2 + other),
      expected: `${symbolOf(expected[other]!)}, as in frame 0`,
      found: symbolOf(found[other]!)!,
      hint: "the atoms of all frames must have one order",
    });
}

/** A number of Fortran, C or Python; undefined for anything else. */
function number(word: string): number | undefined {
  const value = decimal(word);
  if (value !== undefined) return value;
  if (/^[TF]$|^(true|false)$/i.test(word)) return /^t/i.test(word) ? 1 : 0;
  return /^[+-]?nan$/i.test(word)
    ? NaN
    : /^[+-]?inf(inity)?$/i.test(word)
      ? word.startsWith("-")
        ? -Infinity
        : Infinity
      : undefined;
}

/** A column of all frames, [frames, N, width] (or [frames, N]); in words why not, where it isn't numbers in each. */
function columnEntry(file: string, frames: readonly Frame[], name: string, width: number): Entry | string {
  const n = frames[0]!.atoms.length;
  const data = new Float64Array(frames.length * n * width);
  for (const [f, frame] of frames.entries()) {
    const found = locate(frame, [name]);
    if (found === undefined || found.column.width !== width)
      return (
        `${found === undefined ? "no column" : `a column of width ${found.column.width}`} ${name} in frame ${f} ` +
        `(line ${frame.line + 1}), where others have one of ${width}`
      );
    if (found.column.type === "S") return "text";
    for (let a = 0; a < n; a++) {
      for (let c = 0; c < width; c++) {
        const word = frame.atoms[a]![found.at + c]!;
        const value = number(word);
        if (value === undefined || !Number.isFinite(value)) {
          throw new DataError({
            file,
            key: `frame ${f}: ${name}`,
            row: frame.line + 2 + a,
            rowName: "line",
            expected: "a finite number",
            found: JSON.stringify(word.slice(0, 40)),
          });
        }
        data[(f * n + a) * width + c] = value;
      }
    }
  }
  return { shape: width === 1 ? [frames.length, n] : [frames.length, n, width], data };
}

/** A value of all frames, [frames, …shape]; in words why not, where it isn't numbers of one length in each. */
function infoEntry(frames: readonly Frame[], name: string, shape?: readonly number[]): Entry | string {
  const length =
    shape === undefined
      ? (frames.find((frame) => frame.info.has(name))?.info.get(name)?.length ?? 0)
      : shape.reduce((product, extent) => product * extent, 1);
  const data = new Float64Array(frames.length * length);
  for (const [f, frame] of frames.entries()) {
    const words = frame.info.get(name);
    const place = `frame ${f} (line ${frame.line + 1})`;
    if (words === undefined) return `none in ${place}`;
    if (words.length !== length) return `${words.length} values in ${place}, where ${length} are expected`;
    for (const [k, word] of words.entries()) {
      const value = number(word);
      if (value === undefined) return `${JSON.stringify(word.slice(0, 40))} in ${place}`;
      data[f * length + k] = value;
    }
  }
  return { shape: [frames.length, ...(shape ?? (length === 1 ? [] : [length]))], data };
}

/** What is written of each frame. */
export interface ExtxyzFrames {
  /** Atomic numbers. */
  readonly z: ArrayLike<number>;
  /** [frames, N, 3], in Å. */
  readonly positions: Float64Array;
  /** Columns by name: [frames, N, width]; forces in eV/Å. */
  readonly columns?: Readonly<Record<string, { readonly width: number; readonly data: Float64Array }>>;
  /** Values by name: [frames, length]; energies in eV. */
  readonly info?: Readonly<Record<string, { readonly length: number; readonly data: Float64Array }>>;
}

/**
 * The text of a file; numbers are written so that reading gives the same ones. Throws RangeError for atomic numbers of
 * no element.
 */
export function writeExtxyz({ z, positions, columns = {}, info = {} }: ExtxyzFrames): string {
  const n = z.length;
  const symbols = Array.from(z, (number) => {
    const symbol = symbolOf(number);
    if (symbol === undefined) throw new RangeError(`${number} is the atomic number of no element`);
    return symbol;
  });
  const properties = [
    "species:S:1",
    "pos:R:3",
    ...Object.entries(columns).map(([name, { width }]) => `${name}:R:${width}`),
  ].join(":");
  const out: string[] = [];
  for (let f = 0; f < positions.length / (3 * n); f++) {
    const values = Object.entries(info).map(([name, { length, data }]) => {
      const text = Array.from(data.subarray(f * length, (f + 1) * length), String).join(" ");
      return `${name}=${length === 1 ? text : `"${text}"`}`;
    });
    out.push(String(n), [`Properties=${properties}`, ...values, 'pbc="F F F"'].join(" "));
    for (let a = 0; a < n; a++) {
      const cells = (data: Float64Array, width: number): string[] =>
        Array.from(data.subarray((f * n + a) * width, (f * n + a + 1) * width), String);
      out.push(
        [
          symbols[a],
          ...cells(positions, 3),
          ...Object.values(columns).flatMap(({ width, data }) => cells(data, width)),
        ].join(" "),
      );
    }
  }
  return `${out.join("\n")}\n`;
}
