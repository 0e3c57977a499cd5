/** Splits and the generator behind them: the same everywhere, each frame once, bad wishes refused. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OptionError, readIndexes, split } from "../../../runtime/index.ts";
import { Random } from "../../../runtime/random.ts";

describe("Random", () => {
  it("is xoshiro128**, from the published first numbers of the state 1 2 3 4", () => {
    const random = new Random(0);
    (random as unknown as { state: Uint32Array }).state.set([1, 2, 3, 4]);
    expect(Array.from({ length: 6 }, () => random.next())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492,
    ]);
  });

  it("tells seeds apart, also in their upper half", () => {
    const first = (seed: number): number => new Random(seed).next();
    expect(new Set([0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(first)).size).toBe(6);
    expect(() => new Random(-1)).toThrow(RangeError);
    expect(() => new Random(1.5)).toThrow(RangeError);
  });

  it("draws below a bound evenly", () => {
    const random = new Random(7);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.below(6)]!++;
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

describe("split", () => {
  it("gives these frames for ever", () => {
    expect(split(10, { train: 3, validate: 2, seed: 1 })).toEqual(split(10, { train: 3, validate: 2, seed: 1 }));
    expect(split(10, { train: 3, validate: 2, seed: 1 })).toEqual({
      train: [0, 1, 4],
      validate: [2, 5],
      test: [3, 6, 7, 8, 9],
    });
    expect(split(10, { train: 3, seed: 2 }).train).not.toEqual([0, 1, 4]);
  });

  it("deals every frame once at most, and all where test is left open", () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 40 }),
        fc.nat({ max: 20 }),
        fc.nat({ max: 20 }),
        fc.nat(),
        fc.constantFrom("random" as const, "time" as const),
        (count, train, validate, seed, order) => {
          fc.pre(train + validate <= count);
          const parts = split(count, { train, validate, order, seed });
          const all = [...parts.train, ...parts.validate, ...parts.test];
          expect([parts.train.length, parts.validate.length, all.length, new Set(all).size]).toEqual([
            train,
            validate,
            count,
            count,
          ]);
        },
      ),
    );
  });

  it("cuts blocks in time", () => {
    expect(split(6, { train: 2, validate: 1, test: 2, order: "time" })).toEqual({
      train: [0, 1],
      validate: [2],
      test: [3, 4],
    });
    expect(split(3, {})).toEqual({ train: [0, 1, 2], validate: [], test: [] });
  });

  it("takes lists as they are and deals the rest around them", () => {
    expect(split(6, { train: [4, 0], test: [1], order: "time", validate: 2 })).toEqual({
      train: [4, 0],
      validate: [2, 3],
      test: [1],
    });
    expect(split(4, { train: [3], order: "time" })).toEqual({ train: [3], validate: [], test: [0, 1, 2] });
  });

  it.each([
    [{ train: 7 }, /7 train frames were asked for, but only 5 of the 5/],
    [{ train: 4, validate: 2 }, /2 validate frames were asked for, but only 1/],
    [{ train: [5] }, /train index 5: expected a whole number from 0 to 4/],
    [{ train: [-1] }, /train index -1/],
    [{ train: [1, 1] }, /train index 1: found twice/],
    [{ train: [1], test: [2, 1] }, /test index 1: found twice, also among the train indexes/],
    [{ train: 1.5 }, /whole number/],
  ])("refuses %j", (request, message) => {
    expect(() => split(5, request)).toThrow(message);
    expect(() => split(5, request)).toThrow(OptionError);
  });

  it("reads index files", () => {
    expect(readIndexes("[3, 1]", "i.json", "train")).toEqual([3, 1]);
    expect(readIndexes('{"train": [2]}', "i.json", "train")).toEqual([2]);
    for (const text of ["{", "{}", "[1.5]", "[-1]", '"x"', '{"toString": 1}'])
      expect(() => readIndexes(text, "i.json", "train")).toThrow(/i\.json/);
  });
});
