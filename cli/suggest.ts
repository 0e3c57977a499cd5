/** Did you mean …? The words of the command line are compared as those of a specification are. */
export { editDistance, nearest } from "../compiler/source/nearest.ts";
