/** Formatting of quantities: every number leaves here with its unit. Decimal prefixes, as prices are per 10^9 bytes. */

const GROUP = '\u202f'; // narrow no-break space, ISO 80000-1

export function formatInteger(value: bigint | number | string): string {
    const digits = BigInt(value).toString();
    const sign = digits.startsWith('-') ? '−' : '';
    return sign + digits.replace('-', '').replace(/\B(?=(\d{3})+$)/g, GROUP);
}

/** Cuts, never rounds up: a shown amount is never more than the real one. */
function scaled(value: bigint, units: readonly string[], step: bigint): string {
    let unit = 0;
    let divisor = 1n;
    while (unit < units.length - 1 && value >= divisor * step) {
        divisor *= step;
        unit += 1;
    }
    const whole = value / divisor;
    if (unit === 0) return `${formatInteger(whole)} ${units[0]}`;
    const decimals = whole >= 100n ? 0 : whole >= 10n ? 1 : 2;
    const fraction = ((value % divisor) * 10n ** BigInt(decimals)) / divisor;
    const tail = decimals === 0 ? '' : `.${fraction.toString().padStart(decimals, '0')}`;
    return `${formatInteger(whole)}${tail} ${units[unit]}`;
}

export function formatBytes(bytes: bigint | string): string {
    return scaled(BigInt(bytes), ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'], 1000n);
}

export function formatExactBytes(bytes: bigint | string): string {
    return `${formatInteger(bytes)} bytes`;
}

/** @param kilobitsPerSecond thousands of bits per second. */
export function formatRate(kilobitsPerSecond: bigint | string): string {
    return scaled(BigInt(kilobitsPerSecond), ['kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'], 1000n);
}

/** Exact: all decimals of the mint that are not trailing zeros, at least two where the mint has them. */
export function formatAmount(baseUnits: bigint | string, decimals: number): string {
    const value = BigInt(baseUnits);
    const negative = value < 0n;
    const digits = (negative ? -value : value).toString().padStart(decimals + 1, '0');
    const whole = digits.slice(0, digits.length - decimals);
    const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
    const shown = fraction.padEnd(Math.min(2, decimals), '0');
    return `${negative ? '−' : ''}${formatInteger(whole)}${shown ? `.${shown}` : ''}`;
}

export function formatBasisPoints(basisPoints: number): string {
    return formatPercent(BigInt(basisPoints), 10_000n, 2);
}

export function formatPpm(partsPerMillion: number): string {
    return formatPercent(BigInt(partsPerMillion), 1_000_000n, 4);
}

/** `part / whole` in percent, trailing zeros cut; an em dash when there is nothing to divide. */
export function formatPercent(part: bigint, whole: bigint, decimals = 1): string {
    if (whole === 0n) return '–';
    const scale = 10n ** BigInt(decimals);
    const value = (part * 100n * scale) / whole;
    const fraction = (value % scale).toString().padStart(decimals, '0').replace(/0+$/, '');
    return `${value / scale}${fraction ? `.${fraction}` : ''} %`;
}

/** `4xkP…9Fd2`: enough to compare by eye; the whole value stays one click away. */
export function shorten(value: string, ends = 4): string {
    return value.length <= 2 * ends + 1 ? value : `${value.slice(0, ends)}…${value.slice(-ends)}`;
}

/** Position of a part in a whole in percent for drawing, 0 to 100. */
export function toShare(part: bigint, whole: bigint): number {
    if (whole <= 0n || part <= 0n) return 0;
    return Math.min(100, Number((part * 10_000n) / whole) / 100);
}
