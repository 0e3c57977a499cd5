/**
 * SHA-256, synchronous and the same everywhere. In: bytes, in pieces or whole. Out: 32 bytes, or hex.
 * A browser itself offers the digest asynchronously only, and hashes are needed while a model is loaded; so it comes
 * from a library. Nothing else of the project names it.
 */
import { sha256 as digest } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

/** A digest in the making: `update` takes more bytes, `digest` ends it and gives 32. */
export interface Hash {
  update(bytes: Uint8Array): Hash;
  digest(): Uint8Array;
}

/** Begins a digest. */
export const beginSha256 = (): Hash => digest.create();

/** Lower-case hexadecimal digits of bytes. */
export const hex = (bytes: Uint8Array): string => bytesToHex(bytes);

/** SHA-256 of bytes, or of a text's UTF-8, in hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return hex(digest(typeof content === "string" ? new TextEncoder().encode(content) : content));
}
