import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/capacity-classes.json' with { type: 'json' };
import footprints from '../../../tests/vectors/footprints.json' with { type: 'json' };
import { fromHex } from './bytes.js';
import {
    assertClass,
    CAPACITY_CLASSES,
    CLASS_LIMITS,
    type ClassClaim,
    computeSellableRate,
    findClassViolation,
} from './capacity.js';
import { computeFootprintProof, type Footprint, verifyFootprintProof } from './footprint.js';

const claimOf = (row: (typeof table.claims)[number]): ClassClaim => ({
    capacityClass: row.capacityClass as ClassClaim['capacityClass'],
    role: row.role as ClassClaim['role'],
    egressKilobitsPerSecond: BigInt(row.egress),
    ingressKilobitsPerSecond: BigInt(row.ingress),
    carousel: row.carousel,
    footprint: row.footprint,
    meteredConsent: row.meteredConsent,
});

describe('capacity classes', () => {
    it.each(table.limits)('$name has the number and limits of the table', (row) => {
        expect(CAPACITY_CLASSES[row.number]).toBe(row.name);
        const { number: _, name, maxEgress, maxIngress, ...rest } = row;
        expect(CLASS_LIMITS[name as ClassClaim['capacityClass']]).toEqual({
            ...rest,
            maxEgressKilobitsPerSecond: BigInt(maxEgress),
            maxIngressKilobitsPerSecond: BigInt(maxIngress),
        });
    });

    it.each(table.claims)('$capacityClass as $role, $egress out, $ingress in', (row) => {
        const error = 'error' in row ? row.error : null;
        expect(findClassViolation(claimOf(row))).toBe(error);
        if (error === null) assertClass(claimOf(row));
        else expect(() => assertClass(claimOf(row))).toThrow(error as string);
    });

    it('names a class that there is not', () => {
        const claim = { ...claimOf(table.claims[0]!), capacityClass: 'laser' as ClassClaim['capacityClass'] };
        expect(findClassViolation(claim)).toBe('CapacityClassUnknown');
    });

    it.each(table.sellable)('sells $sellable of $claim, verified $verified at $now of $expiresAt', (row) => {
        const rate = computeSellableRate({
            claimKilobitsPerSecond: BigInt(row.claim),
            verifiedKilobitsPerSecond: BigInt(row.verified),
            expiresAt: BigInt(row.expiresAt),
            now: BigInt(row.now),
            requireVerified: row.requireVerified,
        });
        expect(rate).toBe(BigInt(row.sellable));
    });
});

describe('footprint proofs', () => {
    const listed = footprints.root.footprints as Footprint[];
    const root = fromHex(footprints.root.root);

    it.each(footprints.proofs)('$kind $value stands at place $index of $size', (row) => {
        const footprint = { kind: row.kind, value: row.value } as Footprint;
        const proof = computeFootprintProof(listed, footprint);
        expect(proof).toEqual({ index: row.index, size: row.size, path: row.path.map(fromHex) });
        expect(verifyFootprintProof(root, footprint, proof)).toBe(true);
        expect(verifyFootprintProof(root, { kind: 'asn', value: 'as1' }, proof)).toBe(false);
    });

    it('are not made for what is not listed', () => {
        expect(() => computeFootprintProof(listed, { kind: 'asn', value: 'as1' })).toThrow('prove one that is on');
    });
});
