import { join } from 'node:path';
import { errorMessageOf, failure, loadConfig, type ServiceContext, writeFileAtomic } from '@ocm/runtime';
import {
    address,
    CONTRACTS_PATH,
    errorBody,
    REPORT_KEY_HEADER,
    REPORT_SIGNATURE_HEADER,
    type ReportFormat,
    reportFormat,
    reportQuery,
} from '@ocm/sdk/http';
import { z } from 'zod';
import { providerConfig } from '../config.js';
import { assertReportSigned, hashReport } from '../report/sign.js';
import { readOption } from './options.js';

const TIMEOUT_MS = 130_000;
const MAX_REPORT_BYTES = 512 << 20;

/**
 * `report`: fetches a contract's report from the running worker, which alone may read its journal, in all formats, and
 * writes each with its signature: `report-CONTRACT-FROM-TO.json`, `….json.sig` and so on.
 */
export async function report({ signal }: ServiceContext, argv: readonly string[]): Promise<void> {
    const { providerSecret, listen } = loadConfig(providerConfig, { argv, env: process.env });
    if (providerSecret === undefined)
        throw failure(
            'MKT_PROVIDER__SECRET_NOT_SET',
            'reports need providerSecret in the config of worker and command',
        );
    const contract = parse('--contract', address, readOption(argv, '--contract'));
    const asked = ['from', 'to', 'timezone'].flatMap((name) => {
        const value = readOption(argv, `--${name}`);
        return value === undefined ? [] : [[name, value]];
    });
    const query = Object.fromEntries(asked) as Record<string, string>;
    parse('--from, --to or --timezone', reportQuery, query);
    const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
    const base = parse('--url', z.url(), readOption(argv, '--url') ?? `http://${host}:${listen.port}`);
    const folder = readOption(argv, '--out') ?? '.';
    for (const format of reportFormat.options) {
        const url = `${base.replace(/\/+$/, '')}${CONTRACTS_PATH}/${contract}/report?${new URLSearchParams({ ...query, format })}`;
        const { file, signature } = await download(url, providerSecret, signal);
        const range = [query.from, query.to].filter((epoch) => epoch !== undefined).join('-') || 'all';
        await write(folder, `report-${contract}-${range}`, format, file, signature);
    }
}

async function write(
    folder: string,
    name: string,
    format: ReportFormat,
    file: Buffer,
    signature: object,
): Promise<void> {
    const path = join(folder, `${name}.${format}`);
    await writeFileAtomic(path, file);
    await writeFileAtomic(`${path}.sig`, `${JSON.stringify(signature)}\n`);
    process.stdout.write(`${path}\n`);
}

async function download(
    url: string,
    secret: string,
    signal: AbortSignal,
): Promise<{ file: Buffer; signature: object }> {
    let response: Response;
    let file: Buffer;
    try {
        response = await fetch(url, {
            headers: { authorization: `Bearer ${secret}` },
            redirect: 'error',
            signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        });
        file = await readBounded(response);
    } catch (error) {
        signal.throwIfAborted();
        throw failure(
            'MKT_RUNTIME__PEER_UNREACHABLE',
            `${url}: ${errorMessageOf(error)}; is the worker running?`,
            {},
            error,
        );
    }
    if (!response.ok) {
        const told = errorBody.safeParse(parseJson(file));
        const detail = told.success ? `${told.data.code}: ${told.data.message}` : `status ${response.status}`;
        throw failure('MKT_RUNTIME__PEER_REFUSED', `the worker refused the report: ${detail}`);
    }
    const signature = {
        format: 'OCM/report/v1',
        algorithm: 'ed25519',
        sha256: hashReport(file),
        publicKey: response.headers.get(REPORT_KEY_HEADER),
        signature: response.headers.get(REPORT_SIGNATURE_HEADER),
    };
    return { file, signature: assertReportSigned(file, signature) };
}

async function readBounded(response: Response): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
        bytes += chunk.length;
        if (bytes > MAX_REPORT_BYTES) throw new Error(`the answer is larger than ${MAX_REPORT_BYTES} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}

function parse<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw failure('MKT_PROVIDER__OPTION_INVALID', `${what}: ${result.error.issues[0]?.message ?? 'is not valid'}`);
}

function parseJson(file: Buffer): unknown {
    try {
        return JSON.parse(file.toString('utf8'));
    } catch {
        return undefined;
    }
}
