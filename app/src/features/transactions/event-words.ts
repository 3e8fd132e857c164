import { formatBytes, formatRate, shorten } from '../../lib/format';
import { EVENT_SENTENCES } from './event-sentences';

export interface WordsContext {
    /** An amount in base units, of the contract's mint where the event names a contract. */
    readonly money: (baseUnits: bigint, contract: string | null) => string;
    readonly nameOf: (address: string) => string | null;
}

type Data = Readonly<Record<string, unknown>>;

/** One program's entry about what another program's event in the same transaction says already. */
const ECHOES: ReadonlySet<string> = new Set(['PayoutReleased', 'ContractBegun', 'ContractEnded']);

export function isEcho(name: string): boolean {
    return ECHOES.has(name);
}

/** Fields that carry money, in the order in which they are worth reading. */
const MONEY_FIELDS: readonly (readonly [field: string, word: string])[] = [
    ['amount', ''],
    ['gross', 'gross '],
    ['penalty', 'refund '],
    ['net', 'net '],
    ['fee', 'fee '],
];

export function spellName(name: string): string {
    const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
    return words.charAt(0).toUpperCase() + words.slice(1);
}

export function textOf(value: unknown): string | null {
    if (typeof value === 'string') return value;
    return typeof value === 'object' && value !== null && 'toBase58' in value && typeof value.toBase58 === 'function'
        ? String(value.toBase58())
        : null;
}

export function describeEvent(event: { name: string; data: Data }, context: WordsContext): string {
    const { name, data } = event;
    const contract = textOf(data.contract);
    const parts: string[] = [];
    if (typeof data.role === 'string') parts.push(data.role.toUpperCase());
    if (typeof data.kind === 'string') parts.push(spellName(data.kind).toLowerCase());
    if (typeof data.epoch === 'number') parts.push(`epoch ${data.epoch}`);
    const bytes = data.totalBytes ?? data.bytes;
    if (typeof bytes === 'bigint') parts.push(formatBytes(bytes));
    const rate = data.kilobitsPerSecond ?? data.committedKilobitsPerSecond ?? data.claimEgressKilobitsPerSecond;
    if (typeof rate === 'bigint') parts.push(formatRate(rate));
    for (const [field, word] of MONEY_FIELDS) {
        const amount = data[field];
        if (typeof amount === 'bigint' && (amount > 0n || field === 'amount')) {
            parts.push(`${word}${context.money(amount, contract)}`);
        }
    }
    const payee = textOf(data.payee);
    if (payee) parts.push(`to ${context.nameOf(payee) ?? shorten(payee)}`);
    // A newer program may tell of what this page does not know.
    const sentence = EVENT_SENTENCES[name] ?? spellName(name);
    return parts.length > 0 ? `${sentence}: ${parts.join(', ')}` : sentence;
}
