/** The camera, while one dialog looks through it. It must be let go as soon as nobody looks. */

/** Why there is no picture, as the name of its words. */
export type NoCamera = 'scan-refused' | 'scan-no-camera';

/** The camera away from the person, where there are two. @throws {@link NoCamera} */
export async function openCamera(): Promise<MediaStream> {
  const cameras = navigator.mediaDevices as MediaDevices | undefined;
  if (!cameras) throw 'scan-no-camera' satisfies NoCamera;
  try {
    return await cameras.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
  } catch (failure) {
    throw (failure as Error).name === 'NotAllowedError' ? 'scan-refused' : 'scan-no-camera';
  }
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
