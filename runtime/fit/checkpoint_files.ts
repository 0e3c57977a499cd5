/**
 * Checkpoints as two files beside a model's. In: the model's path. Out: a `CheckpointStore`.
 * `MODEL.checkpoint` is the state, written beside its name and renamed; `MODEL.checkpoint.log` grows by whole records,
 * each
 * with a checksum, so that a write that was cut off is seen and left out, wherever it was cut.
 */
import type { CheckpointStore, LogRecord } from "./checkpoint.ts";
import { fileSystem, readBytes, saveBytes } from "../files.ts";
import { crc32 as plainCrc32 } from "../data/zip.ts";

/** Bytes before a record's numbers: a mark, three numbers of its key, the number of entries, a checksum. */
const HEAD = 24;
const MARK = 0x6b646161;
/** Records that are read or written at a time. */
const MANY = 64;
/** Entries of the longest record that is believed. */
const LONGEST = 2 ** 28;

/** The store of a model's path. */
export function checkpointFiles(model: string): CheckpointStore {
  return new Files(`${model}.checkpoint`);
}

class Files implements CheckpointStore {
  readonly name: string;
  private readonly logName: string;
  /** The state on its way; always the same name, so that a process that was killed leaves one at most. */
  private readonly partialName: string;
  /** Length of the log as far as it's whole; unknown until it was read. */
  private whole = 0;

  constructor(name: string) {
    this.name = name;
    this.logName = `${name}.log`;
    this.partialName = `${name}.partial`;
  }

  readState(): Uint8Array | undefined {
    return fileSystem().existsSync(this.name) ? readBytes(this.name) : undefined;
  }

  writeState(bytes: Uint8Array): void {
    saveBytes(this.name, bytes, this.partialName);
  }

  *readLog(): Generator<LogRecord> {
    const fs = fileSystem();
    this.whole = 0;
    if (!fs.existsSync(this.logName)) return;
    const file = fs.openSync(this.logName, "r");
    try {
      for (;;) {
        const record = this.readRecord(file, this.whole);
        if (record === undefined) return;
        this.whole += HEAD + record.data.byteLength;
        yield record;
      }
    } finally {
      fs.closeSync(file);
    }
  }

  /** The record at a place, or undefined where there's no whole one. */
  private readRecord(file: number, at: number): LogRecord | undefined {
    const head = new Uint8Array(HEAD);
    if (readAt(file, head, at) < HEAD) return undefined;
    const view = new DataView(head.buffer);
    const length = view.getUint32(16, true);
    if (view.getUint32(0, true) !== MARK || length > LONGEST) return undefined;
    const data = new Float64Array(length);
    if (readAt(file, bytesOf(data), at + HEAD) < data.byteLength) return undefined;
    if (view.getUint32(20, true) !== checksum(head, data)) return undefined;
    return { key: [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)], data };
  }

  append(records: readonly LogRecord[]): void {
    const fs = fileSystem();
    const file = fs.openSync(this.logName, this.whole === 0 ? "w" : "r+");
    let end = this.whole;
    try {
      // What a write that was cut off has left is overwritten.
      fs.ftruncateSync(file, end);
      for (let first = 0; first < records.length; first += MANY) {
        const parts = records.slice(first, first + MANY).flatMap(({ key, data }) => [headOf(key, data), bytesOf(data)]);
        end += writeAll(file, parts, end);
      }
      fs.fsyncSync(file);
    } catch (error) {
      // On a full disk half a record would only take the room that the model needs.
      fs.ftruncateSync(file, this.whole);
      throw error;
    } finally {
      fs.closeSync(file);
    }
    this.whole = end;
  }

  remove(): void {
    const fs = fileSystem();
    // The state first: a log without a state is nothing, a state without its log would be looked at.
    fs.rmSync(this.name, { force: true });
    fs.rmSync(this.logName, { force: true });
    fs.rmSync(this.partialName, { force: true });
    this.whole = 0;
  }
}

const bytesOf = (data: Float64Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

function headOf(key: LogRecord["key"], data: Float64Array): Uint8Array {
  const head = new Uint8Array(HEAD);
  const view = new DataView(head.buffer);
  [MARK, ...key, data.length].forEach((value, k) => view.setUint32(4 * k, value, true));
  view.setUint32(20, checksum(head, data), true);
  return head;
}

/** CRC-32, by the platform's own code where it has any: factors are gigabytes. */
function crc32(bytes: Uint8Array): number {
  const host = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process;
  const zlib = host?.getBuiltinModule?.("node:zlib") as { crc32?: (bytes: Uint8Array) => number } | undefined;
  return zlib?.crc32?.(bytes) ?? plainCrc32(bytes);
}

/** Over the key, the length and the numbers. */
function checksum(head: Uint8Array, data: Float64Array): number {
  return (crc32(head.subarray(0, 20)) ^ crc32(bytesOf(data))) >>> 0;
}

function readAt(file: number, into: Uint8Array, at: number): number {
  const fs = fileSystem();
  let done = 0;
  while (done < into.length) {
    const count = fs.readSync(file, into, done, into.length - done, at + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes all parts one after the other; returns the bytes. */
function writeAll(file: number, parts: readonly Uint8Array[], at: number): number {
  const fs = fileSystem();
  let begin = at;
  let rest = [...parts];
  while (rest.length > 0) {
    let count = fs.writevSync(file, rest, begin);
    begin += count;
    let k = 0;
    while (k < rest.length && count >= rest[k]!.length) count -= rest[k++]!.length;
    rest = rest.slice(k);
    if (count > 0) rest[0] = rest[0]!.subarray(count);
  }
  return begin - at;
}
