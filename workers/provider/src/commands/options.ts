import { failure } from '@ocm/runtime';

const MAX_VALUE_LENGTH = 1_024;

/** The value after `--name` or in `--name=value`. @throws MKT_PROVIDER__OPTION_INVALID */
export function readOption(argv: readonly string[], name: string): string | undefined {
    const inline = argv.find((argument) => argument.startsWith(`${name}=`));
    const index = argv.indexOf(name);
    if (inline === undefined && index === -1) return undefined;
    const value = inline === undefined ? argv[index + 1] : inline.slice(name.length + 1);
    if (value === undefined || value === '' || value.startsWith('--') || value.length > MAX_VALUE_LENGTH)
        throw failure('MKT_PROVIDER__OPTION_INVALID', `${name} needs a value after it`);
    return value;
}

/** @throws MKT_PROVIDER__OPTION_INVALID */
export function readNumberOption(
    argv: readonly string[],
    name: string,
    { min, max }: { min: number; max: number },
): number | undefined {
    const text = readOption(argv, name);
    if (text === undefined) return undefined;
    const value = /^[0-9]{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw failure('MKT_PROVIDER__OPTION_INVALID', `${name} must be a whole number from ${min} to ${max}`);
}
