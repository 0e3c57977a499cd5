/**
 * Which tests stand nearest to a folder, in stages: the quick ones first, and nobody waits for the slow ones whose
 * mutant is noticed before. A name is a part of a test file's path, as vitest takes it.
 */
export const NEAREST = {
  "compiler/ir": [["test/ir"], ["test/model/smoothness", "test/ad", "test/opt"], ["test/loops", "test/growth"]],
  "compiler/ad": [["test/ad"], ["test/growth"], ["test/conformance/operators", "test/model/vacuous"]],
  "compiler/opt": [["test/opt"], ["test/loops", "test/growth"], ["test/conformance/module"]],
  "compiler/loops": [["test/loops"], ["test/backends/flops", "test/growth"]],
  "runtime/solvers": [
    ["test/runtime/solvers"],
    ["test/runtime/fit/extension", "test/runtime/fit/gp"],
    ["test/runtime/fit/checkpoint"],
  ],
};
