/**
 * What differs between a browser, Node and a test, behind small interfaces. The engine itself touches no DOM, no file system and no clock.
 */
import type { AccountSecret, Bytes, FileManifest, UnlockSlot } from '$lib/crypto';
import type { FileSource } from './types';
import type { KeyAsking, KeyProof, PasskeyAsking, PasskeyAssertion, PasskeyAttestation, PasskeyMaking } from '$lib/api';

export type Table = 'device' | 'spaces' | 'records' | 'outbox' | 'drafts' | 'transfers';

/** One change of the local store; null deletes. */
export type Put = readonly [table: Table, key: string, value: unknown];

/** The device's own storage. Values are structured-cloned, so keys that WebCrypto never hands out can be stored. */
export interface LocalStore {
  read<T>(table: Table, key: string): Promise<T | null>;
  /** Keys that begin so, ascending. */
  list<T>(table: Table, prefix: string): Promise<[string, T][]>;
  /** All changes or none. */
  write(...changes: readonly Put[]): Promise<void>;
}

/** Instants and timers; a test can move time. */
export interface Clock {
  now(): number;
  /** Calls back once; the answer cancels. */
  after(ms: number, call: () => void): () => void;
}

export interface PasskeyMade {
  readonly attestation: PasskeyAttestation;
  /** 32 bytes that never leave this device; the caller derives and forgets. */
  readonly prf: Bytes;
}

export interface PasskeyUsed {
  readonly assertion: PasskeyAssertion;
  readonly prf: Bytes;
}

/** The WebAuthn ceremonies. Nothing of a credential is ever serialised whole. */
export interface PasskeyPort {
  available(): boolean;
  make(asked: PasskeyMaking): Promise<PasskeyMade>;
  /** With `listed` the browser shows its passkeys beside a field and waits until one is picked, or until that signal. */
  use(asked: PasskeyAsking, listed?: AbortSignal): Promise<PasskeyUsed>;
  /** A security key as a second step: no keys of ours come from it. */
  makeKey(asked: PasskeyMaking): Promise<PasskeyAttestation>;
  useKey(asked: KeyAsking): Promise<KeyProof>;
  /** Without the practice: opens the local copy only. */
  useOffline(): Promise<Bytes>;
}

/** Derives a password's slot where it does not freeze the window. */
export type StretchPort = (password: string, salt: Bytes, account: AccountSecret, person: string) => Promise<UnlockSlot>;

export interface SealedAway {
  /** Bytes of the age file. */
  readonly total: number;
  readonly manifest: FileManifest;
}

export interface FilesPort {
  /** Free bytes for the engine's files, or null where nobody knows. */
  free(): Promise<number | null>;
  /** The most bytes that one file may have here, or null where only the space counts. */
  largest(): Promise<number | null>;
  /** Seals a file into private storage, where it does not freeze the window. `progress` counts sealed bytes. */
  seal(name: string, source: FileSource, progress: (stored: number) => void): Promise<SealedAway>;
  /** Writes a stream from an offset on, replacing what came after; gives the size afterwards. `progress` counts all bytes stored. */
  write(name: string, from: number, stream: ReadableStream<Uint8Array>, progress?: (stored: number) => void): Promise<number>;
  /** The sealed file as it lies there: nothing of it is read before somebody reads it, or hands a slice to the network. */
  open(name: string): Promise<Blob | null>;
  remove(name: string): Promise<void>;
}

/** Turns among the windows of one browser. */
export interface LocksPort {
  /** Runs the task unless another window runs one of that name: then null. */
  alone<A>(name: string, task: () => Promise<A>): Promise<A | null>;
  /** Runs the task once nobody else runs one of that name. */
  inTurn<A>(name: string, task: () => Promise<A>): Promise<A>;
}

/** Tells other windows of this browser that something changed here. */
export interface NeighboursPort {
  tell(message: NeighbourMessage): void;
  listen(listener: (message: NeighbourMessage) => void): void;
}
export type NeighbourMessage = { readonly what: 'outbox' | 'signed-out' | 'locked' } | { readonly what: 'space'; readonly space: string };

export interface Ports {
  readonly store: LocalStore;
  readonly clock: Clock;
  readonly passkeys: PasskeyPort;
  readonly stretch: StretchPort;
  readonly files: FilesPort;
  readonly locks: LocksPort;
  readonly neighbours: NeighboursPort;
  /** `https://host`, the origin that logins are signed for. Never a value from the server. */
  readonly origin: string;
  /** How this device is called in its owner's list, if they choose no other name. */
  readonly deviceLabel: string;
  /** The event stream is opened; a headless run that only writes can do without. */
  readonly live: boolean;
}
