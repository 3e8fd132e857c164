import { writeFileAtomic } from '@ocm/runtime';
import { describeRoutes } from './openapi.js';
import { ROUTES } from './routes.js';

const path = process.argv[2];
if (path === undefined) throw new Error('name the file to write');
await writeFileAtomic(path, `${JSON.stringify(describeRoutes(ROUTES), null, 2)}\n`);
