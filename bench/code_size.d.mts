/** Types of code_size.mjs. */
export declare function kernelSizes(js: string): { name: string; bytes: number; statements: number }[];
