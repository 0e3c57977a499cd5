/**
 * The runtime's public names. In: nothing. Out: training, loading, predicting, data, errors.
 * Everything here runs in a browser, but for `load` of a path, `save`, `readBytes` and `saveBytes`.
 */
export { fit, fitAsync, fitSteps } from "./gp.ts";
export type { FitOptions } from "./gp.ts";
export { plan, planAsync, planSteps } from "./plan.ts";
export type { Alternative, Plan, PlanOptions } from "./plan.ts";
export type { SolverOptions } from "./solvers/choice.ts";
export { createExecutor } from "./executors/index.ts";
export type { Answer, Block, BlockExecutor, NamedBlock, Program, Task, TaskFunction } from "./executors/executor.ts";
export { checkpointFiles } from "./checkpoint-files.ts";
export type { CheckpointOptions, CheckpointStore, LogRecord } from "./checkpoint.ts";
export { load, save } from "./load.ts";
export { Model } from "./model.ts";
export type { FitReport, ModelState } from "./model.ts";
export { sourceFor } from "./measure.ts";
export type { ErrorMeasure, TestOptions, TestResult } from "./measure.ts";
export type { Noise } from "./assembly.ts";
export { FORMAT, readModelFile } from "./model-file.ts";
export type { Compile, CompileOptions, StoredModel } from "./model-file.ts";
export { bindingsOf, datasetOf, readDataset, unitsOf } from "./dataset.ts";
export type { Bindings, Dataset, DatasetLike, Entry } from "./dataset.ts";
export { frameCount, framePoints, groupData, trainingGroups } from "./groups.ts";
export type { GroupData, GroupRequest, Source } from "./groups.ts";
export { conversion } from "./units.ts";
export type { Conversion, Units } from "./units.ts";
export { readIndexes, split } from "./split.ts";
export type { Split, SplitRequest } from "./split.ts";
export { fromNested, toNested } from "./nested.ts";
export { NPZ_LIMIT, readNpz, writeNpz } from "./npz.ts";
export type { Npz } from "./npz.ts";
export type { NpyArray } from "./npy.ts";
export { readSafetensors, writeSafetensors } from "./safetensors.ts";
export { readExtxyz, writeExtxyz } from "./extxyz.ts";
export type { ExtxyzContent, ExtxyzFrames } from "./extxyz.ts";
export { findSymmetry, symmetrySteps } from "./symmetry/find.ts";
export type { Symmetry } from "./symmetry/find.ts";
export { dataSymmetrySteps, permutationTensor, symmetryReport } from "./symmetry/data.ts";
export { PermutationGroup } from "./symmetry/group.ts";
export type { Permutation } from "./symmetry/group.ts";
export { importSgdml } from "./sgdml/import.ts";
export type { Imported } from "./sgdml/import.ts";
export { exportSgdml } from "./sgdml/export.ts";
export type { SafeTensor, SafeTensors, SafeType } from "./safetensors.ts";
export { readBytes, saveBytes } from "./files.ts";
export { sha256 } from "./sha256.ts";
export { run, runAsync } from "./steps.ts";
export type { Drive, Progress, Step, Steps, Waiting } from "./steps.ts";
export {
  ConvergenceError,
  DataError,
  InterruptedError,
  ModelFileError,
  NotPositiveDefiniteError,
  OptionError,
} from "./errors.ts";
export type { DataProblem } from "./errors.ts";
export type * from "./compiled.ts";
