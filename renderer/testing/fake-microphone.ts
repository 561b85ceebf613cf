/** The browser's microphone as a test wants it: what it hears is said by the test, and its device is watched. */
import { vi } from 'vitest'
import { discardDictation, useDictations } from '../features/dictation/dictation-store.ts'
import { samplesOfPiece } from '../features/dictation/recording/captured-piece.ts'

export interface FakeMicrophone {
  /** How often a device was opened. */
  readonly opened: number
  /** Whether one is open now. */
  readonly isOpen: boolean
  /** What the next opening fails with, by the browser's name for it. */
  refusal: string | undefined
  /** The next openings wait until the returned function is called. */
  hold(): () => void
  /** So many seconds of sound are heard. */
  hear(seconds: number, peak?: number): void
  unplug(): void
}

/** Stands in for the device, the audio context and the worklet until the end of the test. Nothing was said yet. */
export function installFakeMicrophone(): FakeMicrophone {
  for (const place of Object.keys(useDictations.getState())) discardDictation(place)
  let opened = 0
  let tracks: FakeTrack[] = []
  let waiting: Promise<void> = Promise.resolve()
  let node: FakeWorkletNode | undefined

  class FakeTrack extends EventTarget {
    isLive = true
    stop(): void {
      this.isLive = false
    }
  }
  class FakeWorkletNode {
    readonly port: { onmessage: ((event: { data: unknown }) => void) | null } = { onmessage: null }
    connect(next: unknown): unknown {
      return next
    }
  }
  class FakeAudioContext {
    readonly destination = {}
    readonly audioWorklet = { addModule: async () => undefined }
    readonly resume = async (): Promise<void> => undefined
    readonly close = async (): Promise<void> => undefined
    createMediaStreamSource() {
      return { connect: (next: FakeWorkletNode) => (node = next) }
    }
  }

  const fake: FakeMicrophone = {
    get opened() {
      return opened
    },
    get isOpen() {
      return tracks.some(({ isLive }) => isLive)
    },
    refusal: undefined,
    hold() {
      let release: () => void = () => undefined
      waiting = new Promise((resolve) => (release = resolve))
      return release
    },
    hear(seconds, peak = 0.5) {
      for (let left = seconds * 10; left > 0; left -= 1) {
        const samples = new Int16Array(samplesOfPiece).fill(Math.round(peak * 32_767))
        node?.port.onmessage?.({ data: { samples, peak } })
      }
    },
    unplug() {
      for (const track of tracks) track.dispatchEvent(new Event('ended'))
    },
  }
  const getUserMedia = async (): Promise<unknown> => {
    await waiting
    if (fake.refusal !== undefined) throw new DOMException('No.', fake.refusal)
    opened += 1
    const track = new FakeTrack()
    tracks = [track]
    return { getTracks: () => [track] }
  }
  vi.stubGlobal('AudioContext', FakeAudioContext)
  vi.stubGlobal('AudioWorkletNode', FakeWorkletNode)
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true })
  return fake
}
