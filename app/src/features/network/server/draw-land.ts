import { geoPath } from 'd3-geo';
import { feature, mesh } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import { createProjection, MAP_HEIGHT, MAP_WIDTH } from '../projection';

/** Natural Earth 1:110m (public domain) as an SVG with the ids `land` and `borders`, coordinates to 0.1. */
export function drawLand(): string {
    const topology = world as unknown as Topology<{ land: GeometryCollection; countries: GeometryCollection }>;
    const path = geoPath(createProjection()).digits(1);
    const land = path(feature(topology, topology.objects.land)) ?? '';
    const borders = path(mesh(topology, topology.objects.countries, (a, b) => a !== b)) ?? '';
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${MAP_WIDTH} ${MAP_HEIGHT}"><path id="land" d="${land}"/><path id="borders" d="${borders}"/></svg>`;
}
