// Preloaded into a worker's process: gives it the clock of a test's cluster, told in milliseconds of difference to this machine's.
import process from 'node:process';

const realNow = Date.now;
let shiftMs = Number(process.env.OCM_TEST_CLOCK_SHIFT_MS ?? 0);
Date.now = () => realNow() + shiftMs;
process.on('message', (told) => {
    shiftMs = Number(told);
    process.send?.('set');
});
process.channel?.unref();
