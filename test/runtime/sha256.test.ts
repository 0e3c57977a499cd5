/** SHA-256 against the vectors of FIPS 180-4 and against Node's own. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginSha256, hex, sha256 } from "../../runtime/sha256.ts";

describe("sha256", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
  ])("of a known message", (message, digest) => {
    expect(sha256(message)).toBe(digest);
  });

  it("agrees with the platform's, in whatever pieces the bytes come", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const ours = beginSha256();
        const platform = createHash("sha256");
        for (const piece of pieces) {
          ours.update(piece);
          platform.update(piece);
        }
        expect(hex(ours.digest())).toBe(platform.digest("hex"));
      }),
    );
  });
});
