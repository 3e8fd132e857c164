export function sumOf(values: readonly bigint[]): bigint {
    return values.reduce((total, value) => total + value, 0n);
}

/** The greatest value; zero of none. */
export function maxOf(values: readonly bigint[]): bigint {
    let greatest = 0n;
    for (const value of values) if (value > greatest) greatest = value;
    return greatest;
}
