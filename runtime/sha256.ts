/**
 * SHA-256 (FIPS 180-4), synchronous and without any platform's library. In: bytes, in pieces. Out: 32 bytes, or hex.
 * A browser offers the digest asynchronously only, and hashes are needed while loading a model; so it stands here.
 */

/** Fractional parts of the roots of the first primes, as FIPS 180-4 §4.2.2 and §5.3.3 define the constants. */
function rootBits(count: number, root: (prime: number) => number): Uint32Array {
  const bits = new Uint32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let prime = true;
    for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) prime = false;
    if (prime) bits[found++] = Math.floor((root(candidate) % 1) * 2 ** 32);
  }
  return bits;
}
const ROUND = rootBits(64, Math.cbrt);
const INITIAL = rootBits(8, Math.sqrt);

export class Sha256 {
  private readonly state = INITIAL.slice();
  private readonly block = new Uint8Array(64);
  private readonly schedule = new Int32Array(64);
  private filled = 0;
  private length = 0;

  /** Takes more bytes. */
  update(bytes: Uint8Array): this {
    this.length += bytes.length;
    let from = 0;
    while (from < bytes.length) {
      const take = Math.min(64 - this.filled, bytes.length - from);
      this.block.set(bytes.subarray(from, from + take), this.filled);
      this.filled += take;
      from += take;
      if (this.filled === 64) this.compress();
    }
    return this;
  }

  /** The digest of all bytes so far, 32 of them; the object can't be used afterwards. */
  digest(): Uint8Array {
    const bits = this.length * 8;
    this.block[this.filled++] = 0x80;
    if (this.filled > 56) {
      this.block.fill(0, this.filled);
      this.compress();
    }
    this.block.fill(0, this.filled);
    const view = new DataView(this.block.buffer);
    view.setUint32(56, Math.floor(bits / 2 ** 32));
    view.setUint32(60, bits >>> 0);
    this.compress();
    const out = new Uint8Array(32);
    const outView = new DataView(out.buffer);
    this.state.forEach((word, i) => outView.setUint32(4 * i, word));
    return out;
  }

  private compress(): void {
    const { state, schedule: w } = this;
    const view = new DataView(this.block.buffer);
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(4 * t);
    for (let t = 16; t < 64; t++) {
      const a = w[t - 15]!;
      const b = w[t - 2]!;
      const small0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const small1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      w[t] = w[t - 16]! + small0 + w[t - 7]! + small1;
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
    for (let t = 0; t < 64; t++) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + big1 + ((e & f) ^ (~e & g)) + ROUND[t]! + w[t]!) | 0;
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (state[i] = state[i]! + word));
    this.filled = 0;
  }
}

/** Lower-case hexadecimal digits of bytes. */
export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** SHA-256 of bytes, or of a text's UTF-8, in hexadecimal. */
export function sha256(content: Uint8Array | string): string {
  return hex(new Sha256().update(typeof content === "string" ? new TextEncoder().encode(content) : content).digest());
}
