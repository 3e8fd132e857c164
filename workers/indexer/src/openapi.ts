import { problemBody } from '@ocm/runtime';
import { indexedAccount, indexedAccountPage, indexedContract, indexedEventPage, indexerStatus } from '@ocm/sdk/http';
import { z } from 'zod';
import type { Route } from './routes.js';

const SCHEMAS: readonly (readonly [string, z.ZodType])[] = [
    ['Status', indexerStatus],
    ['Account', indexedAccount],
    ['AccountPage', indexedAccountPage],
    ['Contract', indexedContract],
    ['EventPage', indexedEventPage],
    ['Problem', problemBody],
];

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
            schemas: Object.fromEntries(SCHEMAS.map(([name, schema]) => [name, toSchema(schema, 'output')])),
        },
    };
}

const toTemplate = (path: string): string => path.replace(/:([A-Za-z]+)/g, '{$1}');

function describeRoute({ path, summary, tag, params, query, response }: Route): object {
    const name = SCHEMAS.find(([, schema]) => schema === response)?.[0];
    return {
        operationId: path.replace('/v1/', '').replace('/:', '-by-'),
        summary,
        tags: [tag],
        parameters: [...describeParameters('path', params), ...describeParameters('query', query)],
        responses: {
            200: {
                description: 'Found; `ETag` names this very answer',
                headers: { etag: { schema: { type: 'string' } } },
                content: {
                    'application/json': {
                        schema: name ? { $ref: `#/components/schemas/${name}` } : toSchema(response, 'output'),
                    },
                },
            },
            304: { description: 'As `If-None-Match` says' },
            400: describeProblem('A parameter is unknown or wrong'),
            ...(path.includes(':') ? { 404: describeProblem('Nothing stands at this address') } : {}),
            429: describeProblem('Too many requests; `Retry-After` tells when to come back'),
            503: describeProblem('The database does not answer'),
        },
    };
}

const describeProblem = (description: string): object => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

function describeParameters(place: 'path' | 'query', schema: z.ZodObject): object[] {
    return Object.entries(schema.shape).map(([name, field]) => {
        const { description, ...json } = toSchema(field as z.ZodType, 'input') as { description?: string };
        const required = place === 'path';
        return { name, in: place, required, ...(description ? { description } : {}), schema: json };
    });
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): object {
    const { $schema, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
    return json;
}
