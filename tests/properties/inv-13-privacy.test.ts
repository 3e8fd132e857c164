import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The part of an IDL that says what is stored and what is announced. */
type IdlType =
    | string
    | { array: [IdlType, number | { generic: string }] }
    | { vec: IdlType }
    | { option: IdlType }
    | { defined: { name: string } };
interface IdlField {
    readonly name: string;
    readonly type: IdlType;
}
interface Idl {
    readonly accounts: readonly { name: string }[];
    readonly events?: readonly { name: string }[];
    readonly types: readonly {
        name: string;
        type: { kind: string; fields?: readonly IdlField[]; variants?: readonly { fields?: readonly IdlField[] }[] };
    }[];
}

const PROGRAMS = ['registry', 'market', 'settlement', 'governance'];

/**
 * Every field of bytes on chain, and why none of them tells of a viewer. What is new has to be put here, and a reason found.
 */
const ALLOWED: readonly (readonly [fields: RegExp, reason: string])[] = [
    [/\.reserved$/, 'zero'],
    [/(^|[._])(params|authorities)_hash(_before|_after)?$|^Config\.pending_/, 'parameters and authorities'],
    [/\.(description|terms)_hash$/, 'texts that a board or an operator publishes'],
    [/^ProposalInstruction\.data$/, 'an instruction of a board'],
    [/\.tls_spki$|\.carousel_hash$/, "a node's own key and programme"],
    [
        /\.footprint_root(_before|_after)?$|^NodeFootprintProven\.footprint$|^Footprint\.value$/,
        'where a node delivers to',
    ],
    [/^Endpoint\.ip$/, "an operator's own node, reachable for everybody"],
    [/\.node_set_hash$/, 'the nodes of an offer or a bid'],
    [/^(Bid|BidCommitted)\.commitment$|^BidRevealed\.salts?(_after)?$|^Lot\.salts$|^LotCleared\.seed$/, 'sealed bids'],
    [/^Delivery(Commitment|Committed|Cosigned)\.root$|\.sample_leaves$|^LeafChallenge\.leaf_hash$/, 'settlement trees'],
    [/\.manifest_hash$|^SlaReport(ed)?\.evidence_root$/, 'published sets of leaves and reports'],
    [/^DeliveryCommitment\.seed$|^CommitmentSeeded\.seed$|\.history_frontier$/, 'of hashes that are on chain'],
    [/^RewardTree\.root$/, "members' keys and amounts"],
    [/^BeaconPage\.keys$/, "BEACONs' keys"],
];
/** Words for what a viewer brings along; no field may be named so but the operators' own. */
const PERSONAL =
    /(^|_)(ips?|addr|address|host|domain|urls?|uri|path|query|referr?er|agent|cookie|user|viewer|client|email|session_id|token_id|city|lat|lon|latitude|longitude)(_|$)/;
const PERSONAL_ALLOWED = [
    // Of an operator's own node; what an operator asks of hosts in its network; an account that a board's instruction names.
    ...['Endpoint.ip', 'NetworkTerms.min_host_share_basis_points', 'InstructionAccount.address'],
];

/** Fields of all accounts and events, nested ones by the type that they are in. */
function listFields({ accounts, events = [], types }: Idl): Map<string, IdlType> {
    const found = new Map<string, IdlType>();
    const pending = [...accounts, ...events].map(({ name }) => name);
    const visit = (type: IdlType): void => {
        if (typeof type === 'string') return;
        if ('defined' in type) pending.push(type.defined.name);
        else if ('array' in type) visit(type.array[0]);
        else visit('vec' in type ? type.vec : type.option);
    };
    for (const done = new Set<string>(); pending.length > 0; ) {
        const name = pending.pop()!;
        if (done.has(name)) continue;
        done.add(name);
        const { type } = types.find((each) => each.name === name)!;
        const fields = [...(type.fields ?? []), ...(type.variants ?? []).flatMap((variant) => variant.fields ?? [])];
        for (const field of fields) {
            found.set(`${name}.${field.name}`, field.type);
            visit(field.type);
        }
    }
    return found;
}

/** Whether a field can hold what somebody wrote: bytes or text, of any length. */
function holdsBytes(type: IdlType): boolean {
    if (typeof type === 'string') return type === 'bytes' || type === 'string';
    if ('defined' in type) return false;
    const inner = 'array' in type ? type.array[0] : 'vec' in type ? type.vec : type.option;
    return inner === 'u8' || holdsBytes(inner);
}

const fields = PROGRAMS.flatMap((program) => {
    const text = readFileSync(new URL(`../../sdk/idl/${program}.json`, import.meta.url), 'utf8');
    return [...listFields(JSON.parse(text) as Idl)];
});

describe('INV-13, privacy', () => {
    it('stores and announces no bytes but those with a reason', () => {
        const bytes = fields.filter(([, type]) => holdsBytes(type)).map(([name]) => name);
        expect(bytes.length).toBeGreaterThan(60);
        expect(bytes.filter((name) => !ALLOWED.some(([pattern]) => pattern.test(name)))).toEqual([]);
    });

    it.each(ALLOWED)('has a field for each reason: %s', (pattern) => {
        expect(fields.some(([name, type]) => pattern.test(name) && holdsBytes(type))).toBe(true);
    });

    it('names no field after anything that a viewer brings along', () => {
        const personal = fields.map(([name]) => name).filter((name) => PERSONAL.test(name.split('.')[1] ?? ''));
        expect(personal.sort()).toEqual(PERSONAL_ALLOWED.sort());
    });
});
