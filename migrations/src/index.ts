export { prepareBoardUpgrade } from './loader/prepare-board-upgrade.js';
export { readProgram } from './loader/read-program.js';
export * from './migration.js';
export { developmentParams, PRODUCTION_PARAMS } from './params.js';
export { MIGRATIONS, migrate } from './run.js';
