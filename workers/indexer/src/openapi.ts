import { z } from 'zod';
import { type Route, SHARED_PARAMETERS } from './routes.js';
import { NAMED_SCHEMAS } from './schemas.js';

const registry = z.registry<{ id: string }>();
for (const [id, schema] of NAMED_SCHEMAS) registry.add(schema, { id });
const toUri = (id: string): string => `#/components/schemas/${id}`;

const describeProblem = (description: string): object => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const RESPONSES = {
    NotModified: { description: 'The answer is still the one that `If-None-Match` names' },
    Wrong: describeProblem('A parameter is unknown or wrong'),
    Unknown: describeProblem('Nothing stands at this address'),
    TooMany: describeProblem('Too many requests; `Retry-After` tells when to come back'),
    Unavailable: describeProblem('The database does not answer'),
};

/** The interface as an OpenAPI 3.1 document, from the schemas that the server itself checks by. */
export function describeRoutes(routes: readonly Route[]): object {
    return {
        openapi: '3.1.0',
        info: {
            title: 'Open Capacity Marketplace indexer',
            version: '1.0.0',
            license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
            description:
                'Accounts and events of the programs. 64-bit numbers are decimal strings, addresses base58, bytes hexadecimal. ' +
                'The chain is the truth: what is not `finalized` may be taken back.',
        },
        servers: [{ url: '/' }],
        paths: Object.fromEntries(routes.map((route) => [toTemplate(route.path), { get: describeRoute(route) }])),
        components: {
            schemas: describeSchemas(),
            parameters: Object.fromEntries(
                Object.entries(SHARED_PARAMETERS.shape).map(([name, field]) => [
                    name,
                    describeParameter('query', name, field),
                ]),
            ),
            responses: RESPONSES,
            headers: { etag: { description: 'Names this very answer', schema: { type: 'string' } } },
        },
    };
}

const toTemplate = (path: string): string => path.replace(/:([A-Za-z]+)/g, '{$1}');

function describeRoute({ path, summary, tag, params, query, response }: Route): object {
    return {
        operationId: path.replace('/v1/', '').replace('/:', '-by-'),
        summary,
        tags: [tag],
        parameters: [...describeParameters('path', params), ...describeParameters('query', query)],
        responses: {
            200: {
                description: 'Found',
                headers: { etag: { $ref: '#/components/headers/etag' } },
                content: {
                    'application/json': { schema: { $ref: toUri(registry.get(response)?.id ?? '') } },
                },
            },
            304: refer('NotModified'),
            400: refer('Wrong'),
            ...(path.includes(':') ? { 404: refer('Unknown') } : {}),
            429: refer('TooMany'),
            503: refer('Unavailable'),
        },
    };
}

const refer = (response: keyof typeof RESPONSES): object => ({ $ref: `#/components/responses/${response}` });

function describeParameters(place: 'path' | 'query', schema: z.ZodObject): object[] {
    return Object.entries(schema.shape).map(([name, field]) =>
        Reflect.get(SHARED_PARAMETERS.shape, name) === field
            ? { $ref: `#/components/parameters/${name}` }
            : describeParameter(place, name, field as z.ZodType),
    );
}

function describeParameter(place: 'path' | 'query', name: string, field: z.ZodType): object {
    const { description, ...json } = toSchema(field, 'input') as { description?: string };
    const required = place === 'path';
    return { name, in: place, required, ...(description ? { description } : {}), schema: json };
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
    const { $schema, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
    return json;
}

/** Each named schema, with references to the others where they are part of it. */
function describeSchemas(): Record<string, object> {
    const { schemas } = z.toJSONSchema(registry, { io: 'output', target: 'draft-2020-12', uri: toUri });
    return Object.fromEntries(
        Object.entries(schemas).map(([name, schema]) => {
            const { $schema, $id, ...json } = schema as Record<string, unknown>;
            return [name, json];
        }),
    );
}
