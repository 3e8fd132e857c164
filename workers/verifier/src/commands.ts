import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSecret, type SourceOptions } from './cli-options.js';
import { EXIT } from './cli-usage.js';
import { openFolder } from './copy/copy.js';
import { errorMessageOf, failure } from './errors.js';
import { type FetchSummary, fetchCopy } from './fetch/fetch.js';
import { createFolderWriter } from './fetch/folder-writer.js';
import { createCommitterClient, createNodeClient } from './fetch/operator.js';
import { createRpc } from './fetch/rpc.js';
import { toCsv, toJson } from './report/export.js';
import { createStatement } from './report/statement.js';
import { printable, renderStatement, type Terminal } from './report/table.js';
import { verifyCopy } from './verify.js';

export type CommandDeps = {
    env: Readonly<Record<string, string | undefined>>;
    signal: AbortSignal;
    terminal: Terminal;
    out: (text: string) => void;
    /** Progress and errors: standard error, so that the statement can be piped. */
    err: (text: string) => void;
};
export type VerifyInput = {
    contract: string | null;
    /** A folder that `fetch` wrote; null fetches into a temporary one. */
    from: string | null;
    sources: SourceOptions | null;
    epoch: number | null;
    json: string | null;
    csv: string | null;
};

/** `ocm fetch`. */
export async function runFetch(
    { contract, folder, sources }: { contract: string; folder: string; sources: SourceOptions },
    deps: CommandDeps,
): Promise<number> {
    const summary = await fetchInto(contract, folder, sources, deps);
    const { transactions, commitments, manifests } = summary;
    deps.out(`${folder}: ${transactions} transactions, ${commitments} commitments, ${manifests} manifests\n`);
    return EXIT.agrees;
}

/** `ocm verify`. */
export async function runVerify(input: VerifyInput, deps: CommandDeps): Promise<number> {
    if (input.from !== null) return verifyFolder(input.from, input, deps);
    const { contract, sources } = input;
    if (contract === null || sources === null)
        throw failure('MKT_VERIFIER__USAGE', 'CONTRACT or --from FOLDER is missing');
    const temporary = await mkdtemp(join(tmpdir(), 'ocm-verify-'));
    try {
        await fetchInto(contract, temporary, sources, deps);
        return await verifyFolder(temporary, input, deps);
    } finally {
        await rm(temporary, { recursive: true, force: true });
    }
}

async function fetchInto(
    contract: string,
    folder: string,
    sources: SourceOptions,
    deps: CommandDeps,
): Promise<FetchSummary> {
    const { signal, env, err } = deps;
    const secret = readSecret(sources.operatorSecretFile, env);
    if (sources.node.length > 0 && secret === null)
        throw failure('MKT_VERIFIER__USAGE', '--node needs OCM_OPERATOR_SECRET or --operator-secret-file FILE');
    const summary = await fetchCopy({
        contract,
        epoch: sources.epoch ?? null,
        rpc: createRpc({ url: sources.rpcUrl, signal }),
        sources: {
            committer: sources.committer === undefined ? null : createCommitterClient(sources.committer, signal),
            nodes: new Map(sources.node.map(({ node, url }) => [node, createNodeClient(url, secret ?? '', signal)])),
        },
        writer: await createFolderWriter(folder, sources.maxBytes),
        signal,
        progress: (step) => err(`▸ ${printable(step)}\n`),
    });
    for (const missing of summary.missing) err(`  not fetched: ${printable(missing)}\n`);
    return summary;
}

async function verifyFolder(folder: string, input: VerifyInput, deps: CommandDeps): Promise<number> {
    const { contract, epoch, json, csv } = input;
    const verification = await verifyCopy(openFolder(folder), {
        contract,
        epoch,
        signal: deps.signal,
        progress: (step) => deps.err(`▸ ${step}\n`),
    });
    const statement = createStatement(verification, epoch);
    deps.out(renderStatement(statement, deps.terminal));
    for (const [file, text] of [
        [json, toJson],
        [csv, toCsv],
    ] as const)
        if (file !== null) await writeExport(file, text(statement));
    return statement.agrees ? EXIT.agrees : EXIT.differs;
}

async function writeExport(file: string, text: string): Promise<void> {
    try {
        await writeFile(file, text);
    } catch (error) {
        throw failure('MKT_VERIFIER__EXPORT_FAILED', `${file} cannot be written: ${errorMessageOf(error)}`);
    }
}
