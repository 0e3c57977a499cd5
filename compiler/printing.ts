/**
 * The modules of a compiled model. In: its facts, its kernels, what was trained. Out: what a backend prints of them.
 */
import type { CompiledModel, ExportRequest } from "../runtime/compiled.ts";
import type { Backend, ModelFacts, PredictorData, PrintedModule } from "./backends/backend.ts";
import type { KernelBuilder } from "./kernels.ts";
import type { StagedModel } from "./prediction.ts";

export function factsOf(model: CompiledModel): ModelFacts {
  return {
    name: model.name,
    hash: model.hash,
    version: model.version,
    input: { name: model.input.name, shape: model.input.shape },
    groups: Object.entries(model.groups).map(([label, g]) => ({ label, ...g })),
    parameters: model.parameters,
  };
}

/** The module of the untrained model: `groups`, `covariance`, `contract`. */
export function printModule(
  facts: ModelFacts,
  kernels: KernelBuilder,
  isMirrored: (row: string, col: string) => boolean,
  backend: Backend,
): PrintedModule {
  const labels = facts.groups.map((g) => g.label);
  const pairs = labels.flatMap((row) => labels.map((col) => ({ row, col })));
  return backend.printModule({
    facts,
    covariances: pairs
      .filter(({ row, col }) => !isMirrored(row, col))
      .map((p) => ({ ...p, kernel: kernels.covariance(p.row, p.col) })),
    contractions: pairs.map((p) => ({ ...p, kernel: kernels.contraction(p.row, p.col) })),
  });
}

/** The module of a trained model; one that is held as tables has no points. */
export function printPredictor(
  model: CompiledModel,
  staged: StagedModel,
  offsets: Readonly<Record<string, number>>,
  { name, meta, inline, staged: isHeldAsTables }: ExportRequest,
  backend: Backend,
): PrintedModule {
  const data = staged.sides.map(
    ({ count, x, coefficients, arguments: given }, n): PredictorData => ({
      label: staged.observed[n]!,
      count,
      arguments: given,
      ...(isHeldAsTables ? {} : { x }),
      ...(coefficients ? { coefficients } : {}),
    }),
  );
  return backend.printPredictor({
    facts: factsOf(model),
    fileName: name,
    kernel: staged.kernel,
    labels: model.predictions.map((p) => p.label),
    data,
    tables: staged.tables,
    parameters: staged.parameters,
    offsets,
    meta,
    inline: inline ?? false,
  });
}
