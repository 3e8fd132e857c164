export { parseOptions } from './main-job/options.js';
