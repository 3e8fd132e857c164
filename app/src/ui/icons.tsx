import type { ReactNode } from 'react';

function Icon({ children, size = 16 }: { children: ReactNode; size?: number }) {
    return (
        <svg
            width={size}
            height={size}
            viewBox="0 0 16 16"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            strokeLinecap="round"
            strokeLinejoin="round"
            aria-hidden="true"
            className="shrink-0"
        >
            {children}
        </svg>
    );
}

export const CheckIcon = () => (
    <Icon>
        <path d="m3 8.5 3.2 3L13 4.5" />
    </Icon>
);
export const CrossIcon = () => (
    <Icon>
        <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
);
export const AlertIcon = () => (
    <Icon>
        <path d="M8 2.2 14.5 13.5h-13zM8 6.5v3M8 11.4v.1" />
    </Icon>
);
export const ClockIcon = () => (
    <Icon>
        <circle cx="8" cy="8" r="6" />
        <path d="M8 4.8V8l2.2 1.6" />
    </Icon>
);
export const DotIcon = () => (
    <Icon>
        <circle cx="8" cy="8" r="3" fill="currentColor" />
    </Icon>
);
export const CopyIcon = () => (
    <Icon>
        <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
        <path d="M10.5 5.5v-2a1 1 0 0 0-1-1h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" />
    </Icon>
);
export const ExternalIcon = () => (
    <Icon>
        <path d="M6 3.5H3.5v9h9V10M9 3h4v4M13 3 7.5 8.5" />
    </Icon>
);
export const PlayIcon = () => (
    <Icon>
        <path d="M4.5 2.8v10.4L13 8z" fill="currentColor" />
    </Icon>
);
export const StopIcon = () => (
    <Icon>
        <rect x="4" y="4" width="8" height="8" rx="1" fill="currentColor" />
    </Icon>
);
export const MapIcon = () => (
    <Icon>
        <circle cx="8" cy="8" r="6" />
        <path d="M2.3 6h11.4M2.3 10h11.4M8 2c2.2 1.8 2.2 10.2 0 12M8 2c-2.2 1.8-2.2 10.2 0 12" />
    </Icon>
);
export const ContractIcon = () => (
    <Icon>
        <path d="M4 1.8h5.5L12.5 5v9.2h-8.5zM9.5 1.8V5h3M6 8h4M6 11h4" />
    </Icon>
);
export const SunIcon = () => (
    <Icon>
        <circle cx="8" cy="8" r="2.8" />
        <path d="M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" />
    </Icon>
);
export const MoonIcon = () => (
    <Icon>
        <path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8a5.6 5.6 0 1 0 6.8 6.8z" />
    </Icon>
);
export const ScreenIcon = () => (
    <Icon>
        <rect x="2" y="3" width="12" height="8" rx="1" />
        <path d="M6 13.5h4" />
    </Icon>
);
