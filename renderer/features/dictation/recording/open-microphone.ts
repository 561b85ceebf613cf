import { dictationSampleRate } from '#ipc/dictation-limits'
// A file of its own among the built ones: the page's policy takes scripts from nowhere else.
import workletUrl from './capture-worklet.ts?worker&url'
import type { CapturedPiece } from './captured-piece.ts'

export interface OpenMicrophone {
  /** Gives the device back at once. */
  close(): void
}

export interface MicrophoneListener {
  readonly onPiece: (piece: CapturedPiece) => void
  /** The device was unplugged, or taken away by the system. */
  readonly onLost: () => void
}

/** The microphone could not be opened; `message` is a sentence for the user. */
export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError'
}

/** Opens the microphone, which main has to have allowed. @throws {MicrophoneError} */
export async function openMicrophone(listener: MicrophoneListener): Promise<OpenMicrophone> {
  const stream = await streamOf()
  const release = (): void => {
    for (const track of stream.getTracks()) track.stop()
  }
  try {
    return await capture(stream, release, listener)
  } catch (error) {
    release()
    throw error
  }
}

async function capture(
  stream: MediaStream,
  release: () => void,
  { onPiece, onLost }: MicrophoneListener,
): Promise<OpenMicrophone> {
  // Nothing is played, so no device for it is opened.
  const options: AudioContextOptions & { readonly sinkId: { readonly type: 'none' } } = {
    sampleRate: dictationSampleRate,
    sinkId: { type: 'none' },
  }
  const context = new AudioContext(options)
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    release()
    void context.close()
  }
  try {
    await context.audioWorklet.addModule(workletUrl)
    const node = new AudioWorkletNode(context, 'capture', { channelCount: 1, channelCountMode: 'explicit' })
    node.port.onmessage = ({ data }: MessageEvent<CapturedPiece>) => {
      if (isOpen) onPiece(data)
    }
    // A node that leads nowhere is not run.
    context.createMediaStreamSource(stream).connect(node).connect(context.destination)
    for (const track of stream.getTracks()) {
      track.addEventListener('ended', () => {
        if (isOpen) onLost()
      })
    }
    await context.resume()
  } catch (error) {
    close()
    throw error
  }
  return { close }
}

async function streamOf(): Promise<MediaStream> {
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    })
  } catch (error) {
    throw new MicrophoneError(wordsOf(error instanceof DOMException ? error.name : ''), { cause: error })
  }
}

function wordsOf(name: string): string {
  switch (name) {
    case 'NotFoundError':
      return 'There is no microphone. Plug one in, or choose one in the sound settings of the system, then try again.'
    case 'NotAllowedError':
      return 'The microphone was refused. Allow it for Outpost in the privacy settings of the system, then try again.'
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone does not answer. Another program may hold it: end that, then try again.'
    default:
      return 'The microphone cannot be used. Look at the sound settings of the system, then try again.'
  }
}
