// Compares what the on-chain tests recorded with tests/compute-units.json: `node scripts/compute-units.mjs --check FILE`,
// where FILE is what OCM_TEST_RECORDING named when they ran.
import { build, checkNode, install, root } from './lib/bootstrap.mjs';

const [option, path] = process.argv.slice(2);
if (option !== '--check' || !path) {
    process.stderr.write('usage: node scripts/compute-units.mjs --check FILE\n');
    process.exit(2);
}
checkNode();
install();
build({ withApp: false });
const { checkRecording } = await import('./dist/bench/compute-units/check.js');
const complain = (text) => process.stderr.write(`compute-units: ${text}\n`);
try {
    process.exitCode = checkRecording(root, path, complain) ? 0 : 1;
} catch (error) {
    complain(error.message);
    process.exitCode = 1;
}
