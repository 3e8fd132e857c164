export * from './migration.js';
export { developmentParams, PRODUCTION_PARAMS } from './params.js';
export { MIGRATIONS, migrate } from './run.js';
