import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { errorMessageOf, failure } from './errors.js';

const MAX_CONFIG_BYTES = 1 << 20;

export type ConfigSource = { argv: readonly string[]; env: Readonly<Record<string, string | undefined>> };

/** `rpcUrl` → `OCM_RPC_URL`. */
export function environmentNameOf(field: string): string {
    return `OCM_${field.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()}`;
}

/**
 * Reads the JSON file after `--config`, lets `OCM_<FIELD>` replace top-level fields (objects and numbers as JSON), and
 * validates the result.
 * @throws MKT_RUNTIME__CONFIG_MISSING, MKT_RUNTIME__CONFIG_UNREADABLE, MKT_RUNTIME__CONFIG_INVALID, each naming file and field.
 */
export function loadConfig<T>(schema: z.ZodType<T>, { argv, env }: ConfigSource): T {
    const path = configPathOf(argv);
    const fields = fieldsOf(schema);
    const merged: Record<string, unknown> = path === undefined ? {} : readConfigFile(path);
    for (const [field, fieldSchema] of Object.entries(fields)) {
        const value = env[environmentNameOf(field)];
        if (value !== undefined && value !== '') merged[field] = parseOverride(fieldSchema, value);
    }
    if (path === undefined && Object.keys(merged).length === 0)
        throw failure('MKT_RUNTIME__CONFIG_MISSING', 'no config given: start with --config FILE (JSON)');
    const result = schema.safeParse(merged);
    if (result.success) return result.data;
    throw failure(
        'MKT_RUNTIME__CONFIG_INVALID',
        `config ${path ?? 'from the environment'}: ${describeIssues(result.error)}; correct the file or set ${overrideHint(result.error)}`,
        { path: path ?? null },
    );
}

/** `field: what is wrong`, joined; never the value, which may be a secret. */
export function describeIssues(error: z.ZodError): string {
    return error.issues
        .slice(0, 5)
        .map((issue) => `${issue.path.length === 0 ? 'input' : issue.path.join('.')}: ${issue.message}`)
        .join('; ');
}

/** One line per config field for `--help`, from the schema's own descriptions. */
export function describeConfig(schema: z.ZodType): string {
    return Object.entries(fieldsOf(schema))
        .map(([field, fieldSchema]) => {
            const optional = fieldSchema.safeParse(undefined).success ? ' (optional)' : '';
            return `  ${field}${optional}  ${fieldSchema.description ?? ''}  [${environmentNameOf(field)}]`;
        })
        .join('\n');
}

function configPathOf(argv: readonly string[]): string | undefined {
    const inline = argv.find((argument) => argument.startsWith('--config='));
    if (inline !== undefined) return inline.slice('--config='.length);
    const index = argv.indexOf('--config');
    if (index === -1) return undefined;
    const path = argv[index + 1];
    if (path === undefined || path.startsWith('--'))
        throw failure('MKT_RUNTIME__CONFIG_MISSING', '--config needs a file name after it');
    return path;
}

function readConfigFile(path: string): Record<string, unknown> {
    let parsed: unknown;
    try {
        if (statSync(path).size > MAX_CONFIG_BYTES) throw new Error(`is larger than ${MAX_CONFIG_BYTES} bytes`);
        parsed = JSON.parse(readFileSync(path, 'utf8'));
    } catch (error) {
        throw failure(
            'MKT_RUNTIME__CONFIG_UNREADABLE',
            `config ${path} cannot be read as JSON: ${errorMessageOf(error)}`,
            { path },
            error,
        );
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
        throw failure('MKT_RUNTIME__CONFIG_INVALID', `config ${path} must be one JSON object`, { path });
    return { ...parsed };
}

function fieldsOf(schema: z.ZodType): Record<string, z.ZodType> {
    return schema instanceof z.ZodObject ? (schema.shape as Record<string, z.ZodType>) : {};
}

/** A value that is valid as a string stays one, so that a secret of digits is not read as a number. */
function parseOverride(schema: z.ZodType, value: string): unknown {
    if (schema.safeParse(value).success) return value;
    try {
        return JSON.parse(value);
    } catch {
        // Not JSON: the schema says what is wrong with it, by field.
        return value;
    }
}

function overrideHint(error: z.ZodError): string {
    const field = error.issues[0]?.path[0];
    return typeof field === 'string' ? environmentNameOf(field) : 'its OCM_ variable';
}
