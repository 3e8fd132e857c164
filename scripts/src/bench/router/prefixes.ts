/** Numbers that are the same in every run. */
export function createRandom(seed: number): () => number {
    let state = seed;
    // xorshift32 (Marsaglia 2003)
    return () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state >>> 0;
    };
}

/** Shares of prefix lengths in per mille, rounded from what routing tables announce: mostly /24, and /48 after /32. */
const IPV4_LENGTHS = { 24: 600, 23: 100, 22: 120, 21: 50, 20: 45, 19: 25, 18: 15, 17: 10, 16: 33, 12: 2 };
const IPV6_LENGTHS = { 48: 480, 32: 120, 44: 90, 40: 90, 36: 50, 29: 60, 46: 40, 47: 30, 33: 20, 56: 10, 64: 10 };
/** One in six prefixes is of IPv6. */
const IPV6_EVERY = 6;

function drawLength(shares: Record<number, number>, draw: number): number {
    let left = draw % 1_000;
    for (const [length, share] of Object.entries(shares)) {
        if (left < share) return Number(length);
        left -= share;
    }
    return Number(Object.keys(shares)[0]);
}

export interface GeneratedPrefix {
    cidr: string;
    /** An address in it. */
    address: string;
}

const ipv4Text = (value: number): string =>
    `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
const groupsText = (words: readonly number[]): string =>
    words.flatMap((word) => [(word >>> 16).toString(16), (word & 0xffff).toString(16)]).join(':');
const maskOf = (length: number): number => (length <= 0 ? 0 : length >= 32 ? -1 : -1 << (32 - length));

function drawIpv4(random: () => number): GeneratedPrefix {
    const length = drawLength(IPV4_LENGTHS, random());
    // 1.0.0.0 to 223.255.255.255: what is announced as unicast.
    const value = (((1 + (random() % 223)) << 24) | (random() >>> 8)) >>> 0;
    return { cidr: `${ipv4Text((value & maskOf(length)) >>> 0)}/${length}`, address: ipv4Text(value) };
}

function drawIpv6(random: () => number): GeneratedPrefix {
    const length = drawLength(IPV6_LENGTHS, random());
    // Registries give out 2001::/16, 24xx to 2cxx; holders announce parts of their /32.
    const words = [(0x20010000 + ((random() % 12) << 24) + (random() % 0x8000)) >>> 0, random(), random(), random()];
    const masked = words.map((word, i) => (word & maskOf(length - 32 * i)) >>> 0);
    return { cidr: `${groupsText(masked)}/${length}`, address: groupsText(words) };
}

/** So many different prefixes of both families. */
export function generatePrefixes(count: number, seed = 7): GeneratedPrefix[] {
    const random = createRandom(seed);
    const seen = new Set<string>();
    const prefixes: GeneratedPrefix[] = [];
    while (prefixes.length < count) {
        const prefix = random() % IPV6_EVERY === 0 ? drawIpv6(random) : drawIpv4(random);
        if (seen.has(prefix.cidr)) continue;
        seen.add(prefix.cidr);
        prefixes.push(prefix);
    }
    return prefixes;
}

/** Addresses of viewers: all but a tenth in some prefix of the list. */
export function generateQueries(prefixes: readonly GeneratedPrefix[], count: number, seed = 11): string[] {
    const random = createRandom(seed);
    return Array.from({ length: count }, () => {
        if (random() % 10 === 0) return drawIpv4(random).address;
        return prefixes[random() % prefixes.length]?.address ?? '192.0.2.1';
    });
}
