export type { MeasuredTransaction } from './bench/compute-units/measurements.js';
export { parseOptions } from './main-job/options.js';
