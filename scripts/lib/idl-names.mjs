// How the program reference writes types, addresses and seeds.
import { PublicKey } from '@solana/web3.js';

const KNOWN_PROGRAMS = {
    '11111111111111111111111111111111': 'system program',
    TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA: 'SPL Token',
    TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb: 'Token-2022',
    ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL: 'associated token program',
    BPFLoaderUpgradeab1e11111111111111111111111: 'upgradeable loader',
    Sysvar1nstructions1111111111111111111111111: 'instructions sysvar',
    SysvarS1otHashes111111111111111111111111111: 'slot hashes sysvar',
};

/** A cell of a Markdown table. */
export const cell = (text) => text.replace(/\|/g, '\\|').replace(/\s+/g, ' ').trim();
/** Docs of an IDL as one paragraph. */
export const prose = (docs = []) => cell(docs.filter((line) => !line.startsWith('CHECK')).join(' '));
export const anchorOf = (heading) =>
    heading
        .toLowerCase()
        .replace(/[^a-z0-9_ -]/g, '')
        .replace(/ /g, '-');

/** A type as text, with a link to each type that the page describes. */
export function describeType(type) {
    if (typeof type === 'string') return `\`${type}\``;
    if (type.defined) return `[${type.defined.name}](#${anchorOf(type.defined.name)})`;
    if (type.option) return `${describeType(type.option)} or none`;
    if (type.vec) return `list of ${describeType(type.vec)}`;
    return `${type.array[1]} × ${describeType(type.array[0])}`;
}

/** Names of the types that a type is built of. */
export function* listDefined(type) {
    if (typeof type === 'string') return;
    if (type.defined) yield type.defined.name;
    for (const inner of [type.option, type.vec, type.array?.[0]]) if (inner) yield* listDefined(inner);
}

/** Names of programs by address: those with an IDL, and those that everybody has. */
export function nameProgram(address, idls) {
    const ours = idls.find((idl) => idl.address === address);
    return ours ? ours.metadata.name : (KNOWN_PROGRAMS[address] ?? `\`${address}\``);
}

function describeSeed(seed, idls) {
    if (seed.kind !== 'const') return seed.path;
    const bytes = Uint8Array.from(seed.value);
    if (bytes.length > 0 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f))
        return `"${String.fromCharCode(...bytes)}"`;
    if (bytes.length === 32) return nameProgram(new PublicKey(bytes).toBase58(), idls).replaceAll('`', '');
    return `0x${Buffer.from(bytes).toString('hex')}`;
}

const toSnakeCase = (name) => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();

/** The account type that an account's name says, with its program: this program's own, or that of one other. */
function findAccountType(name, idl, idls) {
    const matches = (owner) =>
        owner.accounts
            .filter((type) => `_${toSnakeCase(type.name)}`.endsWith(`_${name}`))
            .map((type) => ({ owner, type: type.name }));
    const own = matches(idl);
    const found = own.length > 0 ? own : idls.filter((other) => other !== idl).flatMap(matches);
    return found.length === 1 ? found[0] : undefined;
}

/** What the IDL does not tell: the accounts of Anchor's events, the program itself, and accounts by their type. */
function describeByName(name, idl, idls) {
    if (name === 'program') return 'this program';
    if (name === 'event_authority') return '`["__event_authority"]`';
    const caller = /^(\w+)_event_authority$/.exec(name)?.[1];
    if (caller) return `\`["__event_authority"]\` of ${caller}`;
    // The address with which a program of the marketplace signs its calls into another.
    const signing = idls.find((other) => name === `${other.metadata.name}_authority`);
    if (signing) return `\`["authority"]\` of ${signing.metadata.name}`;
    const found = findAccountType(name, idl, idls);
    if (!found) return '';
    const page = found.owner === idl ? '' : `${found.owner.metadata.name}.md`;
    return `[${found.type}](${page}#${anchorOf(found.type)})`;
}

/** Where an account is: a fixed address, seeds, or what another account names. */
export function describePlace({ name, address, pda, relations = [] }, idl, idls) {
    const parts = [];
    if (address) {
        const program = nameProgram(address, idls);
        parts.push(program.includes(address) ? program : `${program}, \`${address}\``);
    }
    if (pda) {
        const seeds = `\`[${pda.seeds.map((seed) => describeSeed(seed, idls)).join(', ')}]\``;
        parts.push(pda.program ? `${seeds} of ${describeSeed(pda.program, idls)}` : seeds);
    }
    if (!address && !pda) parts.push(describeByName(name, idl, idls));
    if (relations.length > 0) parts.push(`the one that ${relations.map((by) => `\`${by}\``).join(' and ')} names`);
    return cell(parts.filter((part) => part !== '').join('; '));
}
