/** Costs of products of factors: see ir/cost.ts, where they stand. */
export {
  countUses,
  deltasOf,
  isScatter,
  iteratedAxes,
  productCost,
  volumeOf,
  writes,
  type Factor,
} from "../ir/cost.ts";
