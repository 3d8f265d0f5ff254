/** Every refusal of this folder, by name. See errors/base.ts for the two shapes. */
export * from './errors/base';
export * from './errors/files';
export * from './errors/keys';
export * from './errors/practice';
export * from './errors/records';
export * from './errors/recovery';
export * from './errors/spaces';
