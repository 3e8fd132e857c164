import { readFile, stat } from 'node:fs/promises';
import { errorMessageOf, failure, type ServiceContext } from '@ocm/runtime';
import { assertReportSigned } from '../report/sign.js';
import { readOption } from './options.js';

const MAX_REPORT_BYTES = 512 << 20;
const MAX_SIGNATURE_BYTES = 4_096;

/** `verify FILE`: one line of JSON and exit code 0 when the file is as its key signed it. */
export async function verifyFile(_: ServiceContext, argv: readonly string[]): Promise<void> {
    const [path] = argv;
    if (path === undefined || path.startsWith('--'))
        throw failure('MKT_PROVIDER__OPTION_INVALID', 'verify needs the name of a report file after it');
    const signaturePath = readOption(argv, '--signature') ?? `${path}.sig`;
    const key = readOption(argv, '--key');
    const text = (await readBounded(signaturePath, MAX_SIGNATURE_BYTES)).toString('utf8');
    const { publicKey, sha256 } = assertReportSigned(await readBounded(path, MAX_REPORT_BYTES), parse(text), key);
    const line = { holds: true, file: path, sha256, publicKey, isKeyChecked: key !== undefined };
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

function parse(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
    try {
        if ((await stat(path)).size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
        return await readFile(path);
    } catch (error) {
        throw failure('MKT_PROVIDER__FILE_UNREADABLE', `${path} cannot be read: ${errorMessageOf(error)}`, {}, error);
    }
}
