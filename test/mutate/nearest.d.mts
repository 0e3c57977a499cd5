/** Types of nearest.mjs. */
export declare const NEAREST: Readonly<Record<string, readonly (readonly string[])[]>>;
