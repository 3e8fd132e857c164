import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/panels.json' with { type: 'json' };
import { isMarketplaceError } from './error.js';
import { computePanelRate, type PanelRate } from './panel.js';

const CODES: Record<string, string> = {
    PanelSizeOutOfRange: 'MKT_CORE__PANEL_SIZE_OUT_OF_RANGE',
    PanelFaultsOutOfRange: 'MKT_CORE__PANEL_FAULTS_OUT_OF_RANGE',
    PanelRowsTooMany: 'MKT_CORE__PANEL_ROWS_TOO_MANY',
    PanelWindowZero: 'MKT_CORE__PANEL_WINDOW_ZERO',
};

const outcome = (compute: () => PanelRate) => {
    try {
        return compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
};

describe('the rate of a panel', () => {
    it.each(table.panels)('follows the table: $why', ({ rows, size, faults, subWindowMs, ...expected }) => {
        const panel = {
            rows: rows.map(({ kilobits, pacedKilobitsPerSecond }) => ({
                kilobits,
                pacedKilobitsPerSecond: BigInt(pacedKilobitsPerSecond),
            })),
            size,
            faults,
            subWindowMs,
        };
        expect(outcome(() => computePanelRate(panel))).toEqual(
            expected.error === undefined
                ? {
                      verifiedKilobitsPerSecond: BigInt(expected.verified ?? -1),
                      estimatedKilobitsPerSecond: BigInt(expected.estimated ?? -1),
                  }
                : CODES[expected.error],
        );
    });

    it.each([
        ['seven sub-windows', [1, 1, 1, 1, 1, 1, 1], 1n],
        ['half a kilobit', [0.5, 1, 1, 1, 1, 1, 1, 1], 1n],
        ['a pace below zero', [1, 1, 1, 1, 1, 1, 1, 1], -1n],
    ] as const)('refuses %s', (_what, kilobits, pacedKilobitsPerSecond) => {
        const panel = { rows: [{ kilobits, pacedKilobitsPerSecond }], size: 1, faults: 0, subWindowMs: 500 };
        expect(outcome(() => computePanelRate(panel))).toBe('MKT_CORE__FIELD_OUT_OF_RANGE');
    });
});
