/** The compiler's version: that of package.json, which a test compares. Modules and model files carry it. */
export const VERSION = "0.1.0";
