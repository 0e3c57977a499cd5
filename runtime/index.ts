/**
 * The runtime's public names. In: nothing. Out: training, loading, predicting, data, errors.
 * Everything here runs in a browser, but for `load` of a path, `save`, `readBytes` and `saveBytes`.
 */
export { fit, fitAsync, fitSteps } from "./fit/gp.ts";
export type { FitOptions } from "./fit/gp.ts";
export { plan, planAsync, planSteps } from "./fit/plan.ts";
export type { Alternative, Plan, PlanOptions } from "./fit/plan.ts";
export type { SolverOptions } from "./solvers/choice.ts";
export { createExecutor } from "./executors/index.ts";
export type { Answer, Block, BlockExecutor, NamedBlock, Program, Task, TaskFunction } from "./executors/executor.ts";
export { checkpointFiles } from "./fit/checkpoint_files.ts";
export type { CheckpointOptions, CheckpointStore, LogRecord } from "./fit/checkpoint.ts";
export { load, save } from "./model/load.ts";
export { Model } from "./model/model.ts";
export type { FitReport, ModelState } from "./model/model.ts";
export { sourceFor } from "./model/measure.ts";
export type { ErrorMeasure, TestOptions, TestResult } from "./model/measure.ts";
export type { Noise } from "./fit/assembly.ts";
export { FORMAT, readModelFile } from "./model/model_file.ts";
export type { Compile, CompileOptions, StoredModel } from "./model/model_file.ts";
export { bindingsOf } from "./data/bindings.ts";
export type { Bindings } from "./data/bindings.ts";
export { datasetOf } from "./data/dataset.ts";
export type { Dataset, DatasetLike, Entry } from "./data/dataset.ts";
export { readDataset } from "./data/read.ts";
export { frameCount, framePoints } from "./data/frames.ts";
export type { Source } from "./data/frames.ts";
export { groupData, trainingGroups } from "./data/groups.ts";
export type { GroupData, GroupRequest } from "./data/groups.ts";
export { conversion, unitsOf } from "./molecules/units.ts";
export type { Conversion, Units } from "./molecules/units.ts";
export { readIndexes, split } from "./data/split.ts";
export type { Split, SplitRequest } from "./data/split.ts";
export { fromNested, toNested } from "./data/nested.ts";
export { NPZ_LIMIT, readNpz, writeNpz } from "./data/npz.ts";
export type { Npz } from "./data/npz.ts";
export type { NpyArray } from "./data/npy.ts";
export { readSafetensors, writeSafetensors } from "./data/safetensors.ts";
export { readExtxyz, writeExtxyz } from "./molecules/extxyz.ts";
export type { ExtxyzContent, ExtxyzFrames } from "./molecules/extxyz.ts";
export { findSymmetry, symmetrySteps } from "./symmetry/find.ts";
export type { Symmetry } from "./symmetry/find.ts";
export { dataSymmetrySteps, permutationTensor, symmetryReport } from "./symmetry/data.ts";
export { PermutationGroup } from "./symmetry/group.ts";
export type { Permutation } from "./symmetry/group.ts";
export { importSgdml } from "./sgdml/import.ts";
export type { Imported } from "./sgdml/import.ts";
export { exportSgdml } from "./sgdml/export.ts";
export type { SafeTensor, SafeTensors, SafeType } from "./data/safetensors.ts";
export { readBytes, saveBytes } from "./files.ts";
export { sha256 } from "./sha256.ts";
export { run, runAsync } from "./fit/steps.ts";
export type { Drive, Progress, Step, Steps, Waiting } from "./fit/steps.ts";
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
