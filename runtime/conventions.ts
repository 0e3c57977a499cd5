/** The fields whose conventions data may follow. In: nothing. Out: one entry a field. */
import type { Convention } from "./data/convention.ts";
import { MOLECULES } from "./molecules/convention.ts";

export const CONVENTIONS: readonly Convention[] = [MOLECULES];
