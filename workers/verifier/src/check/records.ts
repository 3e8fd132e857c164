import { type Copy, readRecord } from '../copy/copy.js';
import { type CopyRecords, manifestFile, recordsFile, recordsSchema } from '../copy/layout.js';
import type { Findings } from '../findings.js';
import { toHex } from '../protocol/bytes.js';
import type { Leaf } from '../protocol/messages.js';
import { commitRecord, treeHead } from '../protocol/record-tree.js';
import type { LogFiles } from './logs.js';

export type RecordsInput = {
    copy: Copy;
    logs: LogFiles;
    commitment: string;
    key: string;
    node: string;
    leaf: Leaf;
    /** How the manifest's findings name the session. */
    name: string;
    findings: Findings;
};
/** Bytes that the log says were sent, or null without records. */
export type RecordsResult = { loggedBytes: bigint; unlogged: number } | null;

const DELIVERIES: readonly string[] = ['200', '206'];

/** The records of one session: they hash to its leaf's log root, and each is the line of the log file that it names. */
export async function checkRecords(input: RecordsInput): Promise<RecordsResult> {
    const { copy, logs, commitment, key, node, leaf, findings } = input;
    const file = recordsFile(commitment, key);
    const read = await readRecord(copy, file, recordsSchema, findings);
    if (read === null) return null;
    const { records } = read.value;
    const where = `session ${key}`;
    const entries = records.map(({ fields }) => commitRecord(fields));
    const known = entries.filter((entry) => entry !== null);
    if (known.length !== entries.length)
        findings.add(file, where, 'a record has a field that the registry of fields does not have');
    if (toHex(treeHead(known)) !== toHex(leaf.logRoot)) {
        findings.add(file, where, 'its records do not hash to the log root of its leaf');
        findings.add(manifestFile(commitment), input.name, 'its leaf has another log root than its records');
    }
    let loggedBytes = 0n;
    let unlogged = 0;
    for (const [index, record] of records.entries()) {
        loggedBytes += deliveredBytes(record);
        if (record.line === null) unlogged += 1;
        else await compareLine({ logs, record, node, file, where: `${where}, records[${index}]`, findings });
    }
    return { loggedBytes, unlogged };
}

type Compare = {
    logs: LogFiles;
    record: CopyRecords['records'][number];
    node: string;
    file: string;
    where: string;
    findings: Findings;
};

async function compareLine({ logs, record, node, file, where, findings }: Compare): Promise<void> {
    const { line } = record;
    if (line === null) return;
    const name = `${line.file}:${line.number}`;
    if (!line.file.startsWith(`logs/${node}/`)) {
        findings.add(file, where, `names a log file of another node, ${name}`);
        return;
    }
    const found = await logs.claim(line.file, line.number);
    if (found === null || found === false) {
        findings.add(file, where, `names ${name}, which is no record or that of another session`);
        if (found === null) findings.add(line.file, name, `is not the record of ${where}`);
        return;
    }
    const names = record.fields.map((field) => field.name).join('\t');
    const values = record.fields.map((field) => field.value).join('\t');
    if (found.fields.join('\t') !== names) findings.add(line.file, name, `has other fields than ${where}`);
    if (found.text === values) return;
    // Which of the two is wrong the log root says: it covers the record.
    findings.add(line.file, name, `differs from the record that was committed for ${where}`);
    findings.add(file, where, `differs from ${name}`);
}

function deliveredBytes({ fields }: CopyRecords['records'][number]): bigint {
    const textOf = (name: string) => fields.find((field) => field.name === name)?.value ?? '';
    const bytes = textOf('sc-entity-bytes');
    return DELIVERIES.includes(textOf('sc-status')) && /^[0-9]{1,19}$/.test(bytes) ? BigInt(bytes) : 0n;
}
