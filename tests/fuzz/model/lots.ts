import { Pack } from '../pack.js';
import type { Lot, SealedBid, Standing } from './state.js';
import { sha256 } from './tree.js';

const domain = (name: string) => Buffer.concat([Buffer.from(name)], 16);
const saltOf = (salt: number) => new Uint8Array(16).fill(salt);
const addresses = (...names: string[]) => names.reduce((pack, name) => pack.address(name), new Pack()).done();

/** SHA256(dom | lot | bidder | price | quantity | salt) of protocol 6.13. */
export const sealOf = (lot: string, bidder: string, { price, rate, salt }: SealedBid): Uint8Array =>
    sha256(
        domain('OCM/bid/v1'),
        addresses(`lot:${lot}`, `participant:${bidder}`),
        new Pack().u64(price).u64(rate).raw(saltOf(salt)).done(),
    );

/** What ranks equal prices: a hash of the XOR of all revealed salts' hashes (decision 0041). */
function seedOf({ id, standings }: Lot): Uint8Array {
    const mixed = new Uint8Array(32);
    for (const { bidder, salt } of standings) {
        const hash = sha256(domain('OCM/bidsalt/v1'), addresses(`lot:${id}`, `participant:${bidder}`), saltOf(salt));
        for (const [place, byte] of hash.entries()) mixed[place]! ^= byte;
    }
    return sha256(domain('OCM/lotseed/v1'), addresses(`lot:${id}`), mixed);
}

/** Cheapest first; all winners are paid the price of the first unit that won nothing, or the reserve price (6.13). */
export function clear(lot: Lot): void {
    const seed = seedOf(lot);
    const tieOf = ({ bidder }: Standing) => sha256(seed, addresses(`participant:${bidder}`));
    lot.standings.sort((left, right) => {
        if (left.price !== right.price) return left.price < right.price ? -1 : 1;
        return Buffer.compare(tieOf(left), tieOf(right));
    });
    let left = lot.rate;
    let price: bigint | null = null;
    for (const standing of lot.standings) {
        standing.awarded = standing.rate < left ? standing.rate : left;
        left -= standing.awarded;
        if (standing.awarded < standing.rate) price ??= standing.price;
    }
    lot.awarded = lot.rate - left;
    lot.price = price ?? lot.reservePrice;
    lot.isCleared = true;
}

/** A third of the units, rounded down. */
export const mostPerBidder = ({ rate, unit }: Pick<Lot, 'rate' | 'unit'>) => (rate / unit / 3n) * unit;
