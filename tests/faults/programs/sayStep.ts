/** Prints a line, and says that a step has succeeded. */
const step = { type: 'step', name: 'copy', status: 'succeeded' };
process.stdout.write(`inside\n::millrace::${JSON.stringify(step)}\n`);
