/** Saves bytes among the downloads. The bytes never open in a page of ours: a saved file is only ever a download. */

/** Hands a blob to the browser's downloads under this name. */
export function saveBlob(blob: Blob, name: string): void {
  const inert = blob.type === 'application/octet-stream' ? blob : new Blob([blob], { type: 'application/octet-stream' });
  const address = URL.createObjectURL(inert);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  // The download has begun by then; the address is of no use to anybody else.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
