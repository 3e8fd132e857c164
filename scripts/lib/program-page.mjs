// One page of the program reference, from an IDL.
import { computeLayout, computeRent, DISCRIMINATOR_BYTES, findType } from './idl-layout.mjs';
import { anchorOf, cell, describePlace, describeType, listDefined, prose } from './idl-names.mjs';

const SECTIONS = /^(Signer|Errors|Event): ?/;
const number = (value) => value.toLocaleString('en-US');

function table(headings, rows) {
    const line = (cells) => `| ${cells.join(' | ')} |`;
    return rows.length === 0 ? [] : ['', line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}

/** The docs of an entry point: its summary, then what follows `Signer:`, `Errors:` and `Event:`. */
function splitDocs(docs = []) {
    const first = docs.findIndex((line) => SECTIONS.test(line));
    const summary = prose(docs.slice(0, first < 0 ? undefined : first));
    const sections = [];
    for (const line of first < 0 ? [] : docs.slice(first)) {
        if (SECTIONS.test(line)) sections.push(line);
        else sections[sections.length - 1] += ` ${line}`;
    }
    return { summary, sections: sections.map(cell) };
}

/** Arguments in rows; a struct of arguments is spelt out. */
function listArguments(idl, args) {
    return args.flatMap(({ name, type, docs }) => {
        const fields = type.defined?.name.endsWith('Args') ? findType(idl, type.defined.name).type.fields : undefined;
        if (!fields) return [[name, describeType(type), prose(docs)]];
        return fields.map((field) => [`${name}.${field.name}`, describeType(field.type), prose(field.docs)]);
    });
}

function renderInstruction(idl, idls, { name, docs, discriminator, accounts, args, returns }) {
    const { summary, sections } = splitDocs(docs);
    const flags = (account) => ['writable', 'signer', 'optional'].filter((flag) => account[flag]).join(', ');
    const rows = accounts.map((account) => {
        const place = [describePlace(account, idl, idls), prose(account.docs)].filter((text) => text !== '');
        return [account.name, flags(account), place.join('; ')];
    });
    return [
        ...['', `### ${name}`, '', summary, ''],
        ...sections.map((text) => `- ${text}`),
        `- Discriminator: \`${Buffer.from(discriminator).toString('hex')}\``,
        ...(returns ? [`- Returns: ${describeType(returns)}`] : []),
        ...table(['account', 'access', 'address'], rows),
        ...table(['argument', 'type', 'meaning'], listArguments(idl, args)),
    ];
}

function renderAccount(idl, { name, discriminator }) {
    const { fields, bytes, fixed } = computeLayout(idl, name);
    const rows = fields.map((field) => [
        field.offset === null ? 'varies' : field.offset,
        field.fixed ? field.bytes : `from ${field.bytes}`,
        field.name,
        describeType(field.type),
        prose(field.docs),
    ]);
    const total = `${fixed ? '' : 'at least '}${number(bytes)} bytes; rent ${fixed ? '' : 'from '}${number(computeRent(bytes))} lamports`;
    const tag = [0, DISCRIMINATOR_BYTES, 'discriminator', '', `\`${Buffer.from(discriminator).toString('hex')}\``];
    const docs = prose(findType(idl, name).docs);
    return [
        ...['', `### ${name}`, ''],
        ...(docs ? [docs, ''] : []),
        `${total[0].toUpperCase()}${total.slice(1)}.`,
        ...table(['offset', 'bytes', 'field', 'type', 'meaning'], [tag, ...rows]),
    ];
}

const fieldRows = (fields = []) =>
    fields.map((field, place) => [field.name ?? place, describeType(field.type ?? field), prose(field.docs)]);

function renderType(idl, name) {
    const { docs, type } = findType(idl, name);
    const text = prose(docs);
    const rows =
        type.kind === 'enum'
            ? table(
                  ['value', 'name', 'meaning'],
                  type.variants.map((variant, value) => [value, variant.name, prose(variant.docs)]),
              )
            : table(['field', 'type', 'meaning'], fieldRows(type.fields));
    return ['', `### ${name}`, ...(text ? ['', text] : []), ...rows];
}

/** Types that accounts, events, arguments and results are built of, and that have no place of their own on the page. */
function listTypes(idl) {
    const own = new Set([...idl.accounts, ...(idl.events ?? [])].map(({ name }) => name));
    const found = new Set();
    const visit = (name) => {
        if (found.has(name)) return;
        found.add(name);
        const { type } = findType(idl, name);
        const fields = type.kind === 'enum' ? type.variants.flatMap((variant) => variant.fields ?? []) : type.fields;
        for (const field of fields ?? []) for (const inner of listDefined(field.type ?? field)) visit(inner);
    };
    for (const name of own) visit(name);
    for (const { args, returns } of idl.instructions) {
        for (const type of [...args.map((arg) => arg.type), ...(returns ? [returns] : [])]) {
            for (const name of listDefined(type)) visit(name);
        }
    }
    return [...found].filter((name) => !own.has(name) && !name.endsWith('Args')).sort();
}

/** The page of one program. */
export function renderProgram(idl, idls) {
    const { name, description } = idl.metadata;
    const types = listTypes(idl);
    const overview = idl.instructions.map(({ name: called, docs }) => [
        `[${called}](#${anchorOf(called)})`,
        splitDocs(docs).summary,
    ]);
    const section = (heading, lines) => (lines.length === 0 ? [] : ['', `## ${heading}`, ...lines]);
    const lines = [
        ...[
            `# ${name}`,
            '',
            `Written by \`node scripts/programs-doc.mjs\` from \`sdk/idl/${name}.json\`; do not edit. CI compares.`,
        ],
        ...['', `${description}. Development address: \`${idl.address}\`.`],
        ...table(['instruction', 'what it does'], overview),
        ...section(
            'Instructions',
            idl.instructions.flatMap((instruction) => renderInstruction(idl, idls, instruction)),
        ),
        ...section(
            'Accounts',
            idl.accounts.flatMap((account) => renderAccount(idl, account)),
        ),
        ...section(
            'Types',
            types.flatMap((type) => renderType(idl, type)),
        ),
        ...section(
            'Events',
            (idl.events ?? []).flatMap((event) => renderType(idl, event.name)),
        ),
        ...section('Errors', table(['code', 'name', 'meaning'], errorRows(idl))),
    ];
    return `${lines.join('\n')}\n`;
}

const errorRows = ({ errors = [] }) => errors.map(({ code, name, msg = '' }) => [code, name, cell(msg)]);
