/**
 * The type line: every age plaintext begins `alcove-<type>/1\n`. Another type is refused before anything is parsed, because a grant that is filed as
 * an intake form would else be sealed again to whoever filed it.
 */
import { concat, equalBytes, utf8, type Bytes } from './bytes';
import { WrongType } from './errors/files';

export type FileType = 'keyring' | 'grant' | 'pending-grant' | 'record' | 'file' | 'draft' | 'recovery';

const TYPES: readonly FileType[] = ['keyring', 'grant', 'pending-grant', 'record', 'file', 'draft', 'recovery'];

export function typeLine(type: FileType): Bytes {
  return utf8(`alcove-${type}/1\n`);
}

export function withTypeLine(type: FileType, body: Uint8Array): Bytes {
  return concat(typeLine(type), body);
}

/** What follows the type line. @throws {@link WrongType} */
export function afterTypeLine(type: FileType, plaintext: Bytes): Bytes {
  const begins = (candidate: FileType) => {
    const line = typeLine(candidate);
    return equalBytes(plaintext.subarray(0, line.length), line);
  };
  if (!begins(type)) throw new WrongType(type, TYPES.find(begins) ?? 'foreign file');
  return plaintext.subarray(typeLine(type).length);
}
