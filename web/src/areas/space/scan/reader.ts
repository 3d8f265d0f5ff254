/**
 * Finds a QR code in a picture: with the browser's own reader where it has one, else with a reader that is fetched for it. It knows nothing of what
 * the code says, and keeps no picture.
 */

export type Picture = HTMLVideoElement | ImageBitmap;
/** The text of the code in the picture; null where none can be read. */
export type ReadCode = (picture: Picture) => Promise<string | null>;

/** Not in TypeScript's library, since not every browser has it. */
interface OwnReader {
  detect(picture: Picture): Promise<readonly { readonly rawValue: string }[]>;
}
interface OwnReaders {
  new (options: { formats: readonly string[] }): OwnReader;
  getSupportedFormats(): Promise<readonly string[]>;
}

/** More pixels make reading slower and not better. */
const SIDE_MAX = 900;

/** @throws where the reader cannot be fetched */
export async function codeReader(): Promise<ReadCode> {
  return (await ownReader()) ?? (await fetchedReader());
}

async function ownReader(): Promise<ReadCode | null> {
  const readers = (globalThis as { BarcodeDetector?: OwnReaders }).BarcodeDetector;
  const formats = (await readers?.getSupportedFormats().catch(() => [])) ?? [];
  if (!readers || !formats.includes('qr_code')) return null;
  const reader = new readers({ formats: ['qr_code'] });
  return async (picture) => (await reader.detect(picture).catch(() => []))[0]?.rawValue ?? null;
}

async function fetchedReader(): Promise<ReadCode> {
  const { decodeQR } = await import('qr/decode.js');
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  return async (picture) => {
    const { width, height } = sizeOf(picture);
    if (!drawing || width === 0 || height === 0) return null;
    const scale = Math.min(1, SIDE_MAX / Math.max(width, height));
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
    try {
      return decodeQR(drawing.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      // How it says that it found none.
      return null;
    }
  };
}

function sizeOf(picture: Picture): { width: number; height: number } {
  return picture instanceof HTMLVideoElement ? { width: picture.videoWidth, height: picture.videoHeight } : picture;
}
