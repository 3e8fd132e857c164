export * from './config.js';
export { HttpClient } from './http.js';
export { type PlayerDeps, playStream } from './player.js';
export { type Playback, type PlaybackResult, PlaybackStore, playbackResult } from './state.js';
