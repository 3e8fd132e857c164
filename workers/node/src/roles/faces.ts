import { buildCast } from './cast-faces.js';
import { buildEdge } from './edge-faces.js';
import type { Faces, FacesInput } from './face-parts.js';

export function buildFaces(input: FacesInput): Faces {
    return input.config.role === 'cast' ? buildCast(input) : buildEdge(input);
}
