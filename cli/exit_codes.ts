/** How a command ends. In: nothing. Out: exit codes; a command that a signal ends has 128 and the signal's number. */
export const EXIT_DONE = 0;
/** The input is wrong. */
export const EXIT_INPUT = 1;
/** We are wrong. */
export const EXIT_BUG = 2;
/** Stopped when asked to, as by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;
