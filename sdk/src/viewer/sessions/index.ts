export { type SessionEvent, sessionEvents } from './events.js';
export { createMemorySessionStore } from './memory-store.js';
export { CREDIT_EXHAUSTED, SESSION_REFUSED } from './node-link.js';
export { PART_BYTES, type UnfinishedHash } from './part-hasher.js';
export type { SessionPorts, SessionStore, StoredSession } from './ports.js';
export type { ReceivedStream, ReceivedStreamInput, StreamEnd } from './received-stream.js';
export { SessionKeeper } from './session-keeper.js';
export type { SessionPeer } from './session-peers.js';
export type { SignedSession } from './signed-session.js';
