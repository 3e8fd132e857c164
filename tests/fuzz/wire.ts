import { IDLS, type ProgramName } from '@ocm/sdk';
import { at, usedTokenProgram } from './addresses.js';
import { layOut, type Meta, type Template } from './lay-out.js';

/** One call as an operation states it: names of accounts, and the arguments as bytes. */
export interface Call {
    readonly program: ProgramName | 'token';
    /** As the IDL calls it, camelCase. */
    readonly instruction: string;
    /** Names of addresses by the IDL's account names; those in `DEFAULTS` may be left out. */
    readonly accounts: Readonly<Record<string, string>>;
    /** Writable accounts behind the IDL's. */
    readonly remaining?: readonly string[];
    readonly args?: Uint8Array;
    /** Data of instructions of the Ed25519 program that come before, in the same transaction. */
    readonly before?: readonly Uint8Array[];
    /** How the call is bent of itself. */
    readonly bend?: Bend;
}

/** How a hostile sender bends a call. */
export type Bend =
    | { readonly kind: 'swap'; readonly at: string; readonly with: string }
    | { readonly kind: 'unsigned'; readonly at: string };

const DEFAULTS: Readonly<Record<string, string>> = {
    payer: 'wallet:payer',
    mint: 'mint:paid',
    stakeMint: 'mint:paid',
    config: 'config',
    stakeVault: 'stakeVault',
    stakeAuthority: 'stakeAuthority',
    marketAuthority: 'marketAuthority',
    settlementAuthority: 'settlementAuthority',
    registryProgram: 'program:registry',
    marketProgram: 'program:market',
    registryEventAuthority: 'events:registry',
    marketEventAuthority: 'events:market',
    tokenProgram: 'tokenProgram',
    associatedTokenProgram: 'associatedToken',
    systemProgram: 'system',
    slotHashes: 'slotHashes',
    instructions: 'instructions',
};

interface Layout {
    readonly discriminator: Uint8Array;
    readonly accounts: readonly { name: string; signer: boolean; writable: boolean }[];
}

/** The one call past the programs: SPL Token's Transfer. */
const TRANSFER: Layout = {
    discriminator: Uint8Array.of(3),
    accounts: [
        { name: 'from', signer: false, writable: true },
        { name: 'to', signer: false, writable: true },
        { name: 'owner', signer: true, writable: false },
    ],
};

const layouts = new Map<string, Layout>();

const programOf = ({ program }: Call) => at(program === 'token' ? 'tokenProgram' : `program:${program}`);

function layoutOf({ program, instruction }: Call): Layout {
    if (program === 'token') return TRANSFER;
    const id = `${program}.${instruction}`;
    const cached = layouts.get(id);
    if (cached) return cached;
    const found = IDLS[program].instructions.find(({ name }) => name === instruction);
    if (!found) throw new Error(`no instruction ${id}`);
    const accounts = found.accounts as readonly { name: string; signer?: boolean; writable?: boolean }[];
    const layout = {
        discriminator: Uint8Array.from(found.discriminator),
        accounts: accounts.map(({ name, signer = false, writable = false }) => ({ name, signer, writable })),
    };
    layouts.set(id, layout);
    return layout;
}

/** Accounts of a call in the IDL's order, bent where told. */
export function metasOf(call: Call, bend: Bend | undefined = call.bend): Meta[] {
    const metas = layoutOf(call).accounts.map(({ name, signer, writable }): Meta => {
        const own = name === 'eventAuthority' ? `events:${call.program}` : `program:${call.program}`;
        const fixed = name === 'eventAuthority' || name === 'program' ? own : DEFAULTS[name];
        const given = call.accounts[name] ?? fixed;
        if (given === undefined) throw new Error(`${call.instruction} needs the account ${name}`);
        const bent = bend?.kind === 'swap' && bend.at === name ? bend.with : given;
        const unsigned = bend?.kind === 'unsigned' && bend.at === name;
        return { account: name, address: at(bent), signer: signer && !unsigned, writable };
    });
    for (const [place, given] of (call.remaining ?? []).entries()) {
        const account = `remaining:${place}`;
        const name = bend?.kind === 'swap' && bend.at === account ? bend.with : given;
        metas.push({ account, address: at(name), signer: false, writable: true });
    }
    return metas;
}

/** Transactions whose accounts have been laid out: only their data changes. */
const templates = new Map<string, Template>();
const MAX_TEMPLATES = 20_000;

/** The wire bytes of one call in a legacy transaction; signatures are zero, for the machine checks none. */
export function wireOf(call: Call, bend?: Bend): Uint8Array {
    const { discriminator } = layoutOf(call);
    const args = call.args ?? new Uint8Array();
    const before = call.before ?? [];
    const metas = metasOf(call, bend);
    const bytes = discriminator.length + args.length;
    let id = `${usedTokenProgram()} ${call.program}.${call.instruction}.${bytes}`;
    for (const data of before) id += `+${data.length}`;
    for (const { address, signer } of metas) id += signer ? `!${address.name}` : `,${address.name}`;
    let template = templates.get(id);
    if (!template) {
        template = layOut(programOf(call), metas, [...before.map(({ length }) => length), bytes]);
        if (templates.size >= MAX_TEMPLATES) templates.clear();
        templates.set(id, template);
    }
    const { wire, places } = template;
    for (const [place, data] of before.entries()) wire.set(data, places[place]!);
    const own = places[before.length]!;
    wire.set(discriminator, own);
    wire.set(args, own + discriminator.length);
    return wire;
}
