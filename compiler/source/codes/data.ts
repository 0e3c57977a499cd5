/**
 * The diagnostics ADK09xx: data.
 * In: the data of each code. Out: its texts. One entry is one variant; see entry.ts.
 */

export const data = {};
