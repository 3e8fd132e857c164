'use client';

import { useRef, useState } from 'react';
import { Button } from '../../../ui/button';
import { Card, EmptyState } from '../../../ui/card';
import { useWidth } from '../../../ui/use-width';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import { fitView, groupMarkers, type Marker, type ViewBox, WORLD } from '../group-markers';
import { placeLabels } from '../place-labels';
import { HEALTH_WORDS, nameOf } from '../words';

export function NodeMap() {
    const { nodes } = useSnapshot();
    const [wide, setWide] = useState(false);
    const markers = groupMarkers(nodes);
    const view = wide ? WORLD : fitView(markers);
    const hidden = nodes.length - markers.reduce((sum, marker) => sum + marker.nodes.length, 0);
    return (
        <Card
            id="map"
            title="Where the nodes are"
            lead="Locations are declared by the operators; nothing proves them."
            actions={
                markers.length > 0 ? (
                    <Button size="small" aria-pressed={wide} onClick={() => setWide((value) => !value)}>
                        {wide ? 'Fit nodes' : 'Whole world'}
                    </Button>
                ) : null
            }
        >
            <MapDrawing markers={markers} view={view} />
            {nodes.length === 0 ? (
                <div className="mt-4">
                    <EmptyState title="No node yet">
                        An operator registers a node on chain, stakes, and claims capacity; it appears here as soon as
                        the transaction is confirmed.
                    </EmptyState>
                </div>
            ) : hidden > 0 ? (
                <p className="mt-2 text-muted text-sm">
                    {hidden} of {nodes.length} nodes {hidden === 1 ? 'is' : 'are'} not on the map: no location declared,
                    or not answering.
                </p>
            ) : null}
        </Card>
    );
}

/** Average advance of the system font, in units of its size; labels are placed by it before they are drawn. */
const CHARACTER_WIDTH = 0.58;
/** CSS pixels. */
const NAME_SIZE = 12;
const PLACE_SIZE = 11;
/** Width of the drawing before it is measured. */
const USUAL_WIDTH = 640;

interface Label {
    readonly name: string;
    readonly place: string;
}

function labelOf({ nodes }: Marker): Label {
    const names = nodes.map(nameOf);
    return {
        name: names.length > 2 ? `${names.length} nodes` : names.join(' · '),
        place: nodes[0]?.status?.location?.label ?? '',
    };
}

function MapDrawing({ markers, view }: { markers: readonly Marker[]; view: ViewBox }) {
    const drawing = useRef<SVGSVGElement>(null);
    const width = useWidth(drawing, USUAL_WIDTH);
    // Map units per CSS pixel: marks and labels keep their size on the screen at any zoom and width.
    const scale = view.width / width;
    const labels = markers.map(labelOf);
    const places = placeLabels(
        markers.map(({ x, y }, index) => {
            const { name = '', place = '' } = labels[index] ?? {};
            const longest = Math.max(NAME_SIZE * name.length, PLACE_SIZE * place.length);
            return { x, y, width: CHARACTER_WIDTH * longest * scale, height: (NAME_SIZE + PLACE_SIZE + 5) * scale };
        }),
        view,
        10 * scale,
    );
    const words = markers
        .flatMap(({ nodes }) => nodes.map((node) => `${nameOf(node)} in ${node.status?.location?.label}`))
        .join(', ');
    return (
        <svg
            ref={drawing}
            viewBox={`${view.x} ${view.y} ${view.width} ${view.height}`}
            className="block aspect-[2/1] w-full rounded-md bg-ground"
            role="img"
            aria-label={words ? `World map. ${words}.` : 'World map without nodes.'}
        >
            <use href="/map.svg#land" className="fill-land" />
            <use href="/map.svg#borders" className="fill-none stroke-border-of-land" strokeWidth={0.8 * scale} />
            {markers.map((marker) => (
                <Mark key={keyOf(marker)} marker={marker} scale={scale} />
            ))}
            {markers.map((marker, index) => {
                const [label, place] = [labels[index], places[index]];
                if (!label || !place) return null;
                return (
                    <text
                        key={keyOf(marker)}
                        x={round(place.x)}
                        y={round(place.y - 2 * scale)}
                        fontSize={NAME_SIZE * scale}
                        className="fill-text stroke-ground font-semibold [paint-order:stroke]"
                        strokeWidth={3 * scale}
                        strokeLinejoin="round"
                    >
                        {label.name}
                        <tspan
                            x={round(place.x)}
                            dy={(PLACE_SIZE + 2) * scale}
                            className="fill-muted font-normal"
                            fontSize={PLACE_SIZE * scale}
                        >
                            {label.place}
                        </tspan>
                    </text>
                );
            })}
        </svg>
    );
}

const keyOf = (marker: Marker) => marker.nodes.map((node) => node.address).join();
const round = (value: number) => Math.round(value * 10) / 10;

function Mark({ marker, scale }: { marker: Marker; scale: number }) {
    const { x, y, nodes } = marker;
    const down = nodes.some((node) => node.health === 'down');
    const arm = 4 * scale;
    return (
        <g>
            <title>
                {nodes
                    .map(
                        (node) =>
                            `${nameOf(node)}, declared in ${node.status?.location?.label}: ${HEALTH_WORDS[node.health].word}`,
                    )
                    .join('\n')}
            </title>
            <circle cx={x} cy={y} r={9 * scale} className={down ? 'fill-bad/20' : 'fill-accent/20'} />
            {down ? (
                <path
                    d={`M${x - arm} ${y - arm}l${2 * arm} ${2 * arm}m0 ${-2 * arm}l${-2 * arm} ${2 * arm}`}
                    className="stroke-bad"
                    strokeWidth={2.5 * scale}
                    strokeLinecap="round"
                />
            ) : (
                <circle
                    cx={x}
                    cy={y}
                    r={4.5 * scale}
                    className="fill-accent stroke-surface"
                    strokeWidth={1.5 * scale}
                />
            )}
        </g>
    );
}
