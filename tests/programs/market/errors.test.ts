import { readdirSync, readFileSync } from 'node:fs';
import { IDLS } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';

const folder = new URL('./', import.meta.url);
const tests = readdirSync(folder)
    .filter((file) => file.endsWith('.test.ts') && file !== 'errors.test.ts')
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
/** Guards that no transaction can reach, because the calling program keeps to the rule itself. */
const unitTestFolder = new URL('../../../programs/market/src/state/tests/', import.meta.url);
const unitTests = readdirSync(unitTestFolder)
    .map((file) => readFileSync(new URL(file, unitTestFolder), 'utf8'))
    .join('\n');
const UNIT_TESTED = ['KindUnknown', 'BytesAboveCap', 'PenaltyTooHigh', 'PayeeIndexInvalid', 'WrongPayee'];

describe('the market', () => {
    it.each(IDLS.market.errors.map(({ name }) => name))('has a test of its refusal %s', (name) => {
        const unitTested = UNIT_TESTED.includes(name) && unitTests.includes(`MarketError::${name}`);
        expect(unitTested || tests.includes(`'${name}'`)).toBe(true);
    });

    it('numbers its errors without gaps from 6000', () => {
        const codes = IDLS.market.errors.map(({ code }) => code);
        expect(codes).toEqual(codes.map((_, place) => 6_000 + place));
    });
});
